import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type * as app from '../../modules/app';
import type { Environment } from '../../modules/settings/settings';
import { SynthesisedStack } from './synthesised-stack';

/** An environment with every feature on, except a custom domain. */
export const allFeatures: Environment = {
  name: 'test',
  region: 'eu-central-1',
  network: { cidr: '10.20.0.0/16', zones: ['euc1-az1', 'euc1-az2'] },
  database: {
    // Tests add the example routes of docs/extending.md; this class has enough connections for them.
    instanceClass: 'db.t4g.small',
    publicAccess: { enabled: true, cidrs: ['0.0.0.0/0'], reason: 'a test' },
    passwordRotation: { enabled: true, days: 30 },
    users: { clients: [{ name: 'analyst' }] },
  },
  // Tests call the API without pauses. The default throttle would reject some of the calls.
  api: { throttle: { ratePerSecond: 100 } },
  publicApi: { enabled: true },
  client: { enabled: true },
  alarms: { enabled: true },
  edge: {
    allowlist: { ipv4: ['203.0.113.0/24'], ipv6: ['2001:db8:1::/48'] },
    // Tests send more requests from one address than the default limit allows.
    rateLimit: { requests: 1100 },
  },
};

/** `allFeatures` with an IAM proxy that logs in to the instance by IAM. */
export const endToEndIam: Environment = { ...allFeatures, proxies: { iam: { upstream: 'iam' } } };

/** An environment with every feature off. No route remains, so it has no API and no distribution. */
export const noFeatures: Environment = {
  name: 'test',
  region: 'eu-central-1',
  network: { cidr: '10.20.0.0/16', zones: ['euc1-az1', 'euc1-az2'] },
  database: { iamAuthentication: false },
  proxies: { password: { enabled: false }, iam: { enabled: false } },
  authMatrix: { enabled: false },
  alarms: { enabled: false },
  edge: { allowlist: { ipv4: ['203.0.113.0/24'] } },
};

/** `allFeatures` with a custom domain. */
export const customDomain: Environment = {
  ...allFeatures,
  edge: {
    ...allFeatures.edge,
    customDomain: { enabled: true, domainName: 'api.example.com', hostedZoneId: 'Z0123456789ABCDEFGHIJ' },
  },
};

/** An environment like production: a standby, backups, deletion protection, rotated passwords, alarms by e-mail, state in S3. */
export const production: Environment = {
  name: 'production',
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

const ROOT = join(__dirname, '..', '..');

/** The files and folders that a synthesised stack depends on, apart from its settings. */
const SOURCES = ['modules', 'functions', 'contract', 'certs', 'package-lock.json'];

const CACHE = join(ROOT, '.build', 'test-stacks');
let cacheFolder: string | undefined;

/** Synthesises the stack of an environment. Caches it until a source changes. */
export function synthesise(environment: Environment): SynthesisedStack {
  cacheFolder ??= cacheFolderOf(SOURCES);
  const file = join(cacheFolder, `${hashOf(JSON.stringify(environment))}.json`);
  if (!existsSync(file)) writeAtomically(file, synthesisedJson(environment));
  return new SynthesisedStack(readFileSync(file, 'utf8'));
}

function synthesisedJson(environment: Environment): string {
  // Loaded only if the cache lacks the stack: loading CDKTF takes longer than most tests.
  const { createApp } = jest.requireActual<typeof app>('../../modules/app');
  const outdir = mkdtempSync(join(tmpdir(), 'synth-'));
  try {
    createApp([environment], outdir).synth();
    return readFileSync(join(outdir, 'stacks', environment.name, 'cdk.tf.json'), 'utf8');
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** Returns the cache folder for the present contents of the sources, and removes the folders for earlier contents. */
function cacheFolderOf(sources: readonly string[]): string {
  const name = hashOf(...sources.flatMap((source) => contentsOf(join(ROOT, source))));
  for (const other of existsSync(CACHE) ? readdirSync(CACHE) : []) {
    if (other !== name) rmSync(join(CACHE, other), { recursive: true, force: true });
  }
  return join(CACHE, name);
}

/** Lists names and contents of a file, or of all files in a folder. */
function contentsOf(path: string): (string | Buffer)[] {
  if (!statSync(path).isDirectory()) return [path, readFileSync(path)];
  return readdirSync(path)
    .sort()
    .flatMap((name) => contentsOf(join(path, name)));
}

function hashOf(...parts: readonly (string | Buffer)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex').slice(0, 32);
}

/** Writes a file so that concurrent test workers read either the whole file or none. */
function writeAtomically(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, text);
  renameSync(unfinished, file);
}
