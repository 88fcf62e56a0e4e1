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
import { deployed, HOSTS, REGION, ROLES, SECRETS, VPC_CONFIG, type Resources } from './applied';

/** An endpoint of the deployment. */
export type EndpointName = keyof typeof HOSTS;

/** Credentials of the functions in these tests. */
export const FUNCTION_CREDENTIALS = {
  accessKeyId: 'ROLE',
  secretAccessKey: 'the secret of the role',
  sessionToken: 'a/session+token=',
};

/** Credentials of the proxies. */
const PROXY_CREDENTIALS = { accessKeyId: 'PROXY', secretAccessKey: 'the secret of the proxy', sessionToken: 'session' };

const CREDENTIALS = [
  { ...FUNCTION_CREDENTIALS, roleArn: ROLES.functions },
  { ...PROXY_CREDENTIALS, roleArn: ROLES.proxy },
];

export interface LocalDatabaseOptions {
  /** @default - reads from {@link LocalDatabase.secrets} */
  readonly readSecret?: (arn: string) => Promise<string>;
  /** Changes the deployment before its first use. @default - no change */
  readonly change?: (resources: Resources) => void;
}

/** A database server with the endpoints of a deployment in front of it, and the address of a function that may connect to them. */
export class LocalDatabase {
  database!: MariaDb;
  endpoints!: RdsEndpoints;
  /** Loopback address of a function in the VPC. */
  functionAddress = '';
  readonly log: string[] = [];
  /** Texts of secrets by their ARNs. */
  readonly secrets: Record<string, string> = {
    [SECRETS.master]: JSON.stringify({ username: 'admin', password: 'master password' }),
    [SECRETS.timestamps]: JSON.stringify({ username: 'timestamps', password: 'first password' }),
  };
  port = 0;
  folder = '';
  readonly network = new Network();
  private readSecret = (arn: string): Promise<string> => {
    const text = this.secrets[arn];
    return text === undefined ? Promise.reject(new Error(`There is no secret ${arn}`)) : Promise.resolve(text);
  };
  private authorities!: { instance: CertificateAuthority; proxy: CertificateAuthority };

  static async start({ readSecret, change }: LocalDatabaseOptions = {}): Promise<LocalDatabase> {
    const local = new LocalDatabase();
    if (readSecret) local.readSecret = readSecret;
    local.folder = await mkdtemp(join(tmpdir(), 'rds-'));
    local.port = await freePort();
    local.authorities = { instance: await CertificateAuthority.create(), proxy: await CertificateAuthority.create() };
    await local.open(change);
    local.functionAddress = local.network.attach(VPC_CONFIG).address;
    return local;
  }

  /** Opens the database and its endpoints. After `close`, opens them again with the same data. */
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
          ? Promise.resolve(PROXY_CREDENTIALS)
          : Promise.reject(new Error(`There is no role ${roleArn}`)),
      log: (line) => this.log.push(line),
      port,
    });
    await this.update(change);
  }

  /** Stops the endpoints and the database, and keeps the data for `open`. */
  async close(): Promise<void> {
    await this.endpoints.stop();
    await this.database.stop();
  }

  /** Stops the endpoints and the database, and deletes the data. */
  async stop(): Promise<void> {
    await this.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Applies the deployment, with an optional change. */
  update(change?: (resources: Resources) => void): Promise<void> {
    return this.endpoints.update(deployed(change));
  }

  /** Returns the loopback address of an endpoint. */
  loopbackOf(endpoint: EndpointName): string {
    return this.network.hosts[HOSTS[endpoint]] ?? '';
  }

  /** Returns the PEM of the authority of an endpoint. */
  authorityOf(endpoint: EndpointName): string {
    return this.authorities[endpoint === 'instance' ? 'instance' : 'proxy'].pem;
  }

  /** Signs a token as a function does. @param otherOptions options of the signer, such as other credentials */
  token(endpoint: EndpointName, username: string, otherOptions: object = {}): Promise<string> {
    const options = {
      hostname: HOSTS[endpoint],
      port: this.port,
      region: REGION,
      username,
      credentials: FUNCTION_CREDENTIALS,
    };
    return new Signer({ ...options, ...otherOptions }).getAuthToken();
  }

  /** Logs in to the instance as the master user, from the function. */
  connectAsMaster(): Promise<Connection> {
    return this.connect('instance', { from: this.functionAddress, user: 'admin', password: 'master password' });
  }

  connect(endpoint: EndpointName, login: DriverLogin): Promise<Connection> {
    const { port } = this;
    const [address, ca] = [this.loopbackOf(endpoint), this.authorityOf(endpoint)];
    return connectTo({ host: HOSTS[endpoint], address, port, ca }, login);
  }

  /** Logs in at an endpoint. @returns `user@address` as the server sees the client, or the message of the error */
  async logIn(endpoint: EndpointName, login: DriverLogin): Promise<string> {
    try {
      const connection = await this.connect(endpoint, login);
      const [[row]] = (await connection.query('SELECT USER() AS user')) as unknown as [{ user: string }[]];
      await connection.end();
      return row?.user ?? '';
    } catch (error) {
      return (error as Error).message;
    }
  }
}
