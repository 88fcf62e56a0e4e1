import type { Environment } from '../modules/settings/settings';

/** A production environment: a private database with a standby, backups and deletion protection; alarms by e-mail; shared state. */
export default {
  name: 'prod',
  region: 'eu-central-1',
  accountId: '111122223333',
  backend: { type: 's3', bucket: 'example-terraform-state', region: 'eu-central-1' },
  network: { cidr: '10.30.0.0/16', zones: ['euc1-az1', 'euc1-az2', 'euc1-az3'] },
  database: {
    instanceClass: 'db.m7g.large',
    allocatedStorageGib: 100,
    multiAz: true,
    backupRetentionDays: 14,
    backupWindow: '01:00-02:00',
    maintenanceWindow: 'sun:02:30-sun:03:30',
    // A changed class or version interrupts the database, so the change waits for the maintenance window. docs/settings.md says which
    // other changes wait, too.
    applyImmediately: false,
    deletionProtection: true,
    finalSnapshot: true,
    passwordRotation: { enabled: true, days: 30 },
  },
  proxies: { password: { requireTls: true } },
  edge: { allowlist: { ipv4: ['203.0.113.0/24'], ipv6: ['2001:db8:1::/48'] } },
  alarms: { enabled: true, email: 'platform@example.com' },
  logRetentionDays: 90,
} satisfies Environment;
