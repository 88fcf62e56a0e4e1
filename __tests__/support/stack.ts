import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from '../../modules/app';
import { type Environment } from '../../modules/settings/settings';
import { Synthesised, type Block } from './synthesised';

/** An environment with everything on, as small as possible. */
export const everything: Environment = {
  name: 'test',
  region: 'eu-central-1',
  network: { cidr: '10.20.0.0/16', zones: ['euc1-az1', 'euc1-az2'] },
  database: {
    // Large enough for the connections of more routes.
    instanceClass: 'db.t4g.small',
    publicAccess: { enabled: true, cidrs: ['0.0.0.0/0'], reason: 'a test' },
    passwordRotation: { enabled: true, days: 30 },
    users: { clients: [{ name: 'analyst' }] },
  },
  // Tests call as fast as possible.
  api: { throttle: { ratePerSecond: 100 } },
  publicApi: { enabled: true },
  client: { enabled: true },
  alarms: { enabled: true },
  edge: {
    allowlist: { ipv4: ['203.0.113.0/24'], ipv6: ['2001:db8:1::/48'] },
    // All requests of a test come from one address.
    rateLimit: { requests: 1100 },
  },
};

/** The same with a proxy that logs in to the instance by IAM. */
export const endToEnd: Environment = { ...everything, proxies: { iam: { upstream: 'iam' } } };

/** An environment with every feature off: only the database and its network. */
export const nothing: Environment = {
  name: 'test',
  region: 'eu-central-1',
  network: { cidr: '10.20.0.0/16', zones: ['euc1-az1', 'euc1-az2'] },
  database: { iamAuthentication: false },
  proxies: { password: { enabled: false }, iam: { enabled: false } },
  authMatrix: { enabled: false },
  alarms: { enabled: false },
  edge: { allowlist: { ipv4: ['203.0.113.0/24'] } },
};

/** A production environment: a standby, backups, protection, rotated passwords, alarms by e-mail, state in S3. */
export const guarded: Environment = {
  name: 'guarded',
  region: 'eu-central-1',
  backend: { type: 's3', bucket: 'acme-terraform-state', region: 'eu-central-1' },
  network: { cidr: '10.30.0.0/16', zones: ['euc1-az1', 'euc1-az2', 'euc1-az3'] },
  database: {
    instanceClass: 'db.m7g.large',
    allocatedStorageGib: 100,
    multiAz: true,
    backupRetentionDays: 14,
    backupWindow: '01:00-02:00',
    maintenanceWindow: 'sun:02:30-sun:03:30',
    applyImmediately: false,
    deletionProtection: true,
    finalSnapshot: true,
    passwordRotation: { enabled: true, days: 30 },
  },
  proxies: { password: { requireTls: true } },
  edge: { allowlist: { ipv4: ['203.0.113.0/24'], ipv6: ['2001:db8:1::/48'] } },
  alarms: { enabled: true, email: 'platform@acme.org' },
  logRetentionDays: 90,
};

/** Synthesises the stack of an environment. */
export function synthesise(environment: Environment): Synthesised {
  const outdir = mkdtempSync(join(tmpdir(), 'synth-'));
  try {
    createApp([environment], outdir).synth();
    const text = readFileSync(join(outdir, 'stacks', environment.name, 'cdk.tf.json'), 'utf8');
    return new Synthesised(JSON.parse(text) as Block, text);
  } finally {
    rmSync(outdir, { recursive: true });
  }
}
