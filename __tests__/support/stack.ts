import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from '../../modules/app';
import { type Environment } from '../../modules/settings/settings';

/** An environment with everything on, as small as possible. */
export const everything: Environment = {
  name: 'test',
  region: 'eu-central-1',
  network: { cidr: '10.20.0.0/16', zones: ['euc1-az1', 'euc1-az2'] },
  database: {
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

type Block = Record<string, any>;

const REFERENCE = /\b(data\.)?(aws_[a-z0-9_]+\.[\w-]+)/g;

/** A synthesised stack in Terraform's JSON. */
export class Synthesised {
  constructor(
    readonly json: Block,
    readonly text: string,
  ) {}

  /** Returns the resources of a type by Terraform name. */
  all(type: string): Block {
    return (this.json['resource'] as Block)[type] ?? {};
  }

  /** Returns the only resource of a type whose Terraform name contains a word. @param word @default - any */
  one(type: string, word = ''): any {
    const found = Object.entries(this.all(type)).filter(([name]) => name.includes(word));
    if (found.length !== 1) throw new Error(`${found.length} resources of ${type} contain ${JSON.stringify(word)}`);
    return found[0]?.[1];
  }

  /** The document of the REST API, as API Gateway imports it. */
  get apiBody(): Block {
    return JSON.parse(this.one('aws_api_gateway_rest_api').body as string) as Block;
  }

  /** Lists everything that Terraform creates before a resource: its direct and indirect references. */
  upstreamOf(address: string): Set<string> {
    const found = new Set<string>();
    const follow = (one: string): void => {
      const [type = '', name = ''] = one.split('.');
      const text = JSON.stringify(this.all(type)[name] ?? '');
      for (const [, data, next = ''] of text.matchAll(REFERENCE)) {
        if (
          data !== undefined ||
          found.has(next) ||
          this.all(next.split('.')[0] ?? '')[next.split('.')[1] ?? ''] === undefined
        )
          continue;
        found.add(next);
        follow(next);
      }
    };
    follow(address);
    return found;
  }

  /** Returns the address of a resource in Terraform's expressions. */
  addressOf(type: string, word = ''): string {
    const found = Object.keys(this.all(type)).filter((name) => name.includes(word));
    if (found.length !== 1) throw new Error(`${found.length} resources of ${type} contain ${JSON.stringify(word)}`);
    return `${type}.${found[0] ?? ''}`;
  }

  /** Lists the addresses of everything that Terraform creates before a resource and destroys after it. */
  dependenciesOf(address: string, found = new Set<string>()): Set<string> {
    const [type = '', name = ''] = address.split('.');
    const { depends_on: declared = [], ...rest } = (this.all(type)[name] ?? {}) as { depends_on?: string[] };
    const referred = [...JSON.stringify(rest).matchAll(/\b(?:aws_\w+|terraform_data)\.[\w-]+/g)].map(
      ([match]) => match,
    );
    for (const dependency of [...declared, ...referred]) {
      if (found.has(dependency)) continue;
      found.add(dependency);
      this.dependenciesOf(dependency, found);
    }
    return found;
  }
}

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
