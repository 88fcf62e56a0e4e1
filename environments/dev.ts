import type { Environment } from '../modules/settings/settings';

/** A temporary environment with every way to log in, the smallest instance class and no alarms. */
export default {
  name: 'dev',
  region: 'eu-central-1',
  network: { cidr: '10.20.0.0/16', zones: ['euc1-az1', 'euc1-az2'] },
  database: {
    publicAccess: {
      enabled: true,
      cidrs: ['0.0.0.0/0'],
      reason: 'GET / shows a login from a function outside the VPC; the database holds no real data.',
    },
    users: { clients: [{ name: 'analyst' }] },
  },
  // Off, so that dev can be deployed without prod. The log needs API Gateway's logging role, which prod creates.
  api: { accessLog: { enabled: false } },
  publicApi: { enabled: true },
  client: { enabled: true },
  edge: { allowlist: { ipv4: ['203.0.113.0/24'], ipv6: ['2001:db8:1::/48'] } },
} satisfies Environment;
