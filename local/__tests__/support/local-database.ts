import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Signer } from '@aws-sdk/rds-signer';
import type { Connection } from 'mysql2/promise';
import { MariaDb } from '../../database/mariadb';
import { Network } from '../../network/network';
import { CertificateAuthority } from '../../certificates/certificate-authority';
import { freePort } from './free-port';
import { RdsEndpoints } from '../../rds/endpoints/endpoints';
import { connectTo, type DriverLogin } from './driver';
import { deployed, HOSTS, REGION, ROLES, SECRETS, type Resources } from './applied';

export type Target = keyof typeof HOSTS;

/** Credentials of the functions in these tests. */
export const KEYS = {
  accessKeyId: 'ROLE',
  secretAccessKey: 'the secret of the role',
  sessionToken: 'a/session+token=',
};

/** Credentials of the proxies. */
const PROXY_KEYS = { accessKeyId: 'PROXY', secretAccessKey: 'the secret of the proxy', sessionToken: 'session' };

const CREDENTIALS = [
  { ...KEYS, roleArn: ROLES.functions },
  { ...PROXY_KEYS, roleArn: ROLES.proxy },
];

export interface LocalDatabaseOptions {
  /** @default - reads from `secrets` */
  readonly readSecret?: (arn: string) => Promise<string>;
  /** Changes the deployment before its first use. */
  readonly change?: (resources: Resources) => void;
}

/** A database server with the endpoints of a deployment in front of it. */
export class LocalDatabase {
  database!: MariaDb;
  endpoints!: RdsEndpoints;
  readonly log: string[] = [];
  /** Texts of secrets by their ARNs. */
  readonly secrets: Record<string, string> = {
    [SECRETS.master]: JSON.stringify({ username: 'admin', password: 'master password' }),
    [SECRETS.timestamps]: JSON.stringify({ username: 'timestamps', password: 'first password' }),
  };
  port = 0;
  folder = '';
  readonly network = new Network();
  private readSecret = (arn: string): Promise<string> => this.secretOf(arn);
  private authorities!: { instance: CertificateAuthority; proxy: CertificateAuthority };

  static async start({ readSecret, change }: LocalDatabaseOptions = {}): Promise<LocalDatabase> {
    const local = new LocalDatabase();
    if (readSecret) local.readSecret = readSecret;
    local.folder = await mkdtemp(join(tmpdir(), 'rds-'));
    local.port = await freePort();
    local.authorities = { instance: await CertificateAuthority.create(), proxy: await CertificateAuthority.create() };
    await local.open(change);
    return local;
  }

  /** Opens the database and its endpoints. After `close` it uses the same data. */
  async open(change?: (resources: Resources) => void): Promise<void> {
    const { network, authorities, readSecret, port } = this;
    this.database = await MariaDb.open(join(this.folder, 'mariadb'), await authorities.instance.issue('localhost'));
    this.endpoints = new RdsEndpoints({
      network,
      database: this.database,
      authorities,
      readSecret,
      credentialsOf: (id) => CREDENTIALS.find(({ accessKeyId }) => accessKeyId === id),
      assumeRole: (roleArn) =>
        roleArn === ROLES.proxy
          ? Promise.resolve(PROXY_KEYS)
          : Promise.reject(new Error(`There is no role ${roleArn}`)),
      log: (line) => this.log.push(line),
      port,
    });
    await this.update(change);
  }

  async close(): Promise<void> {
    await this.endpoints.stop();
    await this.database.stop();
  }

  async stop(): Promise<void> {
    await this.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Applies the deployment, with a change to it. */
  update(change?: (resources: Resources) => void): Promise<void> {
    return this.endpoints.update(deployed(change));
  }

  /** Returns the PEM of the authority of an endpoint. */
  authorityOf(target: Target): string {
    return this.authorities[target === 'instance' ? 'instance' : 'proxy'].pem;
  }

  /** Signs a token like a function. */
  token(target: Target, username: string, change: object = {}): Promise<string> {
    const options = { hostname: HOSTS[target], port: this.port, region: REGION, username, credentials: KEYS };
    return new Signer({ ...options, ...change }).getAuthToken();
  }

  connect(target: Target, login: DriverLogin): Promise<Connection> {
    const host = HOSTS[target];
    const address = this.network.hosts[host] ?? '';
    return connectTo({ host, address, port: this.port, ca: this.authorityOf(target) }, login);
  }

  /** Logs in at an endpoint. @returns `user@address` as the server sees the caller, or the message of the error */
  async logIn(target: Target, login: DriverLogin): Promise<string> {
    try {
      const connection = await this.connect(target, login);
      const [[row]] = (await connection.query('SELECT USER() AS user')) as unknown as [{ user: string }[]];
      await connection.end();
      return row?.user ?? '';
    } catch (error) {
      return (error as Error).message;
    }
  }

  private secretOf(arn: string): Promise<string> {
    const text = this.secrets[arn];
    return text === undefined ? Promise.reject(new Error(`There is no secret ${arn}`)) : Promise.resolve(text);
  }
}
