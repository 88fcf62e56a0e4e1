import type { Applied } from '../applied';
import type { MariaDb } from '../database/mariadb';
import { Permissions } from '../iam/permissions';
import type { Network } from '../network/network';
import type { CertificateAuthority } from './certificate-authority';
import { ConnectionPool } from './connection-pool';
import { RdsEndpoint } from './endpoint';
import type { Front } from './front';
import { IamAuthentication } from './iam-authentication';
import { InstanceFront } from './instance-front';
import { keepMasterUser } from './master-user';
import { ProxyFront } from './proxy-front';
import { ProxySecrets, type ReadSecret } from './proxy-secrets';
import { isParameterOn, poolConfigOf, targetOf, type DbInstance, type DbProxy } from './resources';
import type { CredentialsOf } from './token';
import { showPlugins } from './user-table';

export interface RdsEndpointsOptions {
  readonly network: Network;
  /** The server behind all of them. */
  readonly database: MariaDb;
  /** Who signs the certificates of instances and of proxies; with AWS they are not the same. */
  readonly authorities: { readonly instance: CertificateAuthority; readonly proxy: CertificateAuthority };
  readonly readSecret: ReadSecret;
  readonly credentialsOf: CredentialsOf;
  /** Told a line for each refusal, without secrets. */
  readonly log: (line: string) => void;
  /** @default 3306 - the port of MySQL */
  readonly port?: number;
}

/** The applied DB instance and proxies, each at its own loopback address under its own name. */
export class RdsEndpoints {
  private readonly endpoints = new Map<string, RdsEndpoint>();
  private readonly pools = new Map<string, ConnectionPool>();
  private updating: Promise<void> = Promise.resolve();

  constructor(private readonly options: RdsEndpointsOptions) {}

  /**
   * Opens the endpoints that were applied since, closes those that are gone, and takes over what was changed; the
   * network is brought up to date first. May be called again at any time.
   *
   * @throws Error where an address is taken, or the master user's secret cannot be read.
   */
  update(applied: Applied): Promise<void> {
    const turn = this.updating.then(() => this.apply(applied));
    this.updating = turn.catch(() => undefined);
    return turn;
  }

  /** What DNS answers: names of the endpoints and their loopback addresses. */
  get hosts(): Readonly<Record<string, string>> {
    return this.options.network.hosts;
  }

  /** The endpoint of this name; for who watches its connections or cuts them. */
  get(host: string): RdsEndpoint | undefined {
    return this.endpoints.get(host);
  }

  /** Cuts every connection to an endpoint without a word, as a failing network does. */
  cut(host: string): void {
    this.endpoints.get(host)?.cut();
  }

  async stop(): Promise<void> {
    await this.updating;
    await Promise.all([...this.endpoints.keys()].map((host) => this.close(host)));
  }

  private get port(): number {
    return this.options.port ?? 3306;
  }

  private async apply(applied: Applied): Promise<void> {
    const { network, authorities } = this.options;
    network.update(applied);
    for (const host of this.endpoints.keys()) if (!(host in this.hosts)) await this.close(host);
    for (const instance of applied.all<DbInstance>('aws_db_instance')) {
      if (!instance.address) continue;
      await this.keepUsers(instance);
      await this.open(instance.address, authorities.instance, this.instanceFront(applied, instance));
    }
    for (const proxy of applied.all<DbProxy>('aws_db_proxy')) {
      if (proxy.endpoint) await this.open(proxy.endpoint, authorities.proxy, await this.proxyFront(applied, proxy));
    }
  }

  private async open(host: string, authority: CertificateAuthority, front: Front): Promise<void> {
    const known = this.endpoints.get(host);
    if (known) {
      known.front = front;
      return;
    }
    const { network, log } = this.options;
    const address = this.hosts[host] ?? '';
    // Its own name, and the address for clients of people, to which no DNS tells the name.
    const certificate = await authority.issue(host, address);
    const endpoint = await RdsEndpoint.start({ host, address, port: this.port, certificate, network, front, log });
    this.endpoints.set(host, endpoint);
  }

  private async close(host: string): Promise<void> {
    await this.endpoints.get(host)?.stop();
    this.pools.get(host)?.close();
    this.endpoints.delete(host);
    this.pools.delete(host);
  }

  /** What RDS itself does inside of a new instance. */
  private async keepUsers({ master_user_secret }: DbInstance): Promise<void> {
    const { database, readSecret } = this.options;
    await showPlugins(database);
    const arn = master_user_secret?.[0]?.secret_arn;
    if (arn === undefined) return;
    const { username, password } = JSON.parse(await readSecret(arn)) as { username: string; password: string };
    await keepMasterUser(database, username, password);
  }

  private instanceFront(applied: Applied, instance: DbInstance): Front {
    const { database, log } = this.options;
    const iam = this.authentication(applied, instance.address ?? '', instance.arn, instance.resource_id);
    return new InstanceFront({
      database,
      log,
      requiresTls: isParameterOn(applied, instance, 'require_secure_transport'),
      ...(instance.iam_database_authentication_enabled && { iam }),
    });
  }

  private async proxyFront(applied: Applied, proxy: DbProxy): Promise<Front> {
    demandTls(proxy);
    const { network, database, readSecret, log } = this.options;
    const host = proxy.endpoint ?? '';
    const target = targetOf(applied, proxy)?.address;
    const own = this.hosts[host] ?? '';
    return new ProxyFront({
      proxy,
      secrets: new ProxySecrets(proxy, new Permissions(applied), readSecret, log),
      iam: this.authentication(applied, host, proxy.arn, proxy.arn.split(':').at(-1) ?? ''),
      pool: await this.poolOf(applied, proxy),
      serverPort: database.port,
      address: network.addressOf(own),
      unreachable: () => (target ? network.judge(own, target) : `the proxy ${proxy.name} has no target`),
      log,
    });
  }

  private authentication(applied: Applied, host: string, arn: string, resourceId: string): IamAuthentication {
    const { credentialsOf } = this.options;
    const permissions = new Permissions(applied);
    return new IamAuthentication({ host, port: this.port, arn, resourceId, credentialsOf, permissions });
  }

  private async poolOf(applied: Applied, proxy: DbProxy): Promise<ConnectionPool> {
    const host = proxy.endpoint ?? '';
    const pool = this.pools.get(host) ?? new ConnectionPool();
    const { max_connections_percent, connection_borrow_timeout } = poolConfigOf(applied, proxy);
    const [row] = await this.options.database.query<{ max: number }>('SELECT @@max_connections AS max');
    pool.limit = Math.max(1, Math.floor(((row?.max ?? 0) * max_connections_percent) / 100));
    pool.borrowTimeout = connection_borrow_timeout;
    this.pools.set(host, pool);
    return pool;
  }
}

/** @throws Error where RDS would not make such a proxy. */
function demandTls({ name, require_tls, auth }: DbProxy): void {
  if (require_tls || auth.every(({ iam_auth }) => iam_auth !== 'REQUIRED')) return;
  throw new Error(
    `require_tls of the proxy ${name} must be true, got false: RDS Proxy refuses iam_auth REQUIRED without TLS. Set it to true.`,
  );
}
