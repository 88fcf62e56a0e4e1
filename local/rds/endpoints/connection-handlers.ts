import type { Applied } from '../../applied';
import type { MariaDb } from '../../database/mariadb';
import { Permissions } from '../../iam/permissions';
import type { Network } from '../../network/network';
import { MYSQL_PORT } from '../../network/peers';
import { ConnectionPool } from '../proxy/connection-pool';
import type { ConnectionHandler } from '../protocol/connection-handler';
import type { CertificateAuthority } from '../../certificates/certificate-authority';
import { IamAuthentication } from '../login/iam-authentication';
import { IamUpstream, type AssumeRole } from '../proxy/iam-upstream';
import { InstanceConnectionHandler } from '../instance/instance-connection-handler';
import { ProxyConnectionHandler } from '../proxy/proxy-connection-handler';
import { ProxySecrets, type ReadSecret } from '../proxy/proxy-secrets';
import { SecretCache } from '../proxy/secret-cache';
import {
  EXCLUDE_VARIABLE_SETS,
  isEndToEnd,
  parametersOf,
  poolConfigOf,
  requiresTls,
  resourceIdOf,
  targetInstanceOf,
  type ConnectionPoolConfig,
  type DbInstance,
  type DbProxy,
} from '../resources';
import { unavailable, type TargetHealth } from '../proxy/target-health';
import { TargetRegistrations } from '../proxy/target-registrations';
import { splitStatements } from '../sql/tokens';
import { Translator } from '../instance/translator';
import type { CredentialsOf } from '../login/token';

/**
 * Connections that RDS Proxy takes from each pool for monitoring. AWS does not state their number, which depends on the nodes of the
 * proxy. Two connections have been seen.
 *
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy-monitoring-dashboard.html
 */
const MONITORING_CONNECTIONS = 2;

export interface ConnectionHandlersOptions {
  readonly network: Network;
  /** The database server behind all endpoints. */
  readonly database: MariaDb;
  readonly readSecret: ReadSecret;
  readonly credentialsOf: CredentialsOf;
  readonly assumeRole: AssumeRole;
  /** Signers of the certificates of instances and of proxies. On AWS they differ. */
  readonly authorities: { readonly instance: CertificateAuthority; readonly proxy: CertificateAuthority };
  /** Takes a line for each refusal, without secrets. */
  readonly log: (line: string) => void;
  /** Port of the instances, and of the proxies. @default 3306 */
  readonly port?: number;
}

/** Makes the connection handlers of the applied endpoints. A new handler of a proxy keeps the pool of the previous one. */
export class ConnectionHandlers {
  readonly secretCache: SecretCache;
  readonly targetRegistrations = new TargetRegistrations();
  /** Sets the clocks of the endpoints ahead of this machine's, so that tokens expire earlier. */
  clockAheadSeconds = 0;
  private readonly pools = new Map<string, ConnectionPool>();

  constructor(private readonly options: ConnectionHandlersOptions) {
    this.secretCache = new SecretCache(options.readSecret);
  }

  ofInstance(applied: Applied, instance: DbInstance): ConnectionHandler {
    const { database, log } = this.options;
    const { address, arn, resource_id, iam_database_authentication_enabled: hasIam } = instance;
    const { connect_timeout: connectTimeoutSeconds = '10' } = parametersOf(applied, instance);
    return new InstanceConnectionHandler({
      database,
      log,
      requiresTls: requiresTls(applied, instance),
      connectTimeoutSeconds: Number(connectTimeoutSeconds),
      iam: hasIam ? this.authentication(applied, address ?? '', arn, resource_id) : undefined,
    });
  }

  async ofProxy(applied: Applied, proxy: DbProxy): Promise<ProxyConnectionHandler> {
    const { network, database, log } = this.options;
    const host = proxy.endpoint ?? '';
    const instance = targetInstanceOf(applied, proxy);
    const targetHost = instance?.address;
    if (targetHost) this.targetRegistrations.register(host);
    const loopback = network.hosts[host] ?? '';
    const targetFailure = (): TargetHealth | undefined => {
      if (!targetHost) return unavailable('UNREACHABLE', `the proxy '${proxy.name}' has no target`);
      if (!this.targetRegistrations.isAvailable(host)) {
        return unavailable('PENDING_PROXY_CAPACITY', `the target of the proxy '${proxy.name}' is not AVAILABLE yet`);
      }
      const reason = network.judge(loopback, targetHost);
      return reason === undefined ? undefined : unavailable('UNREACHABLE', reason);
    };
    const config = poolConfigOf(applied, proxy);
    return new ProxyConnectionHandler({
      proxy,
      secrets: new ProxySecrets(proxy, Permissions.of(applied), this.secretCache.read, log),
      iam: this.authentication(applied, host, proxy.arn, resourceIdOf(proxy)),
      iamUpstream: this.iamUpstream(applied, proxy, instance, loopback),
      pool: await this.poolOf(host, config),
      translator: new Translator(database, instance?.iam_database_authentication_enabled ?? false),
      initQuery: splitStatements(config.init_query ?? ''),
      excludesSets: (config.session_pinning_filters ?? []).includes(EXCLUDE_VARIABLE_SETS),
      serverSocket: database.socket,
      address: network.addressOf(loopback),
      targetFailure,
      log,
    });
  }

  /** Forgets a closed endpoint. If the endpoint was that of a proxy, closes the idle connections of this proxy to the database. */
  forget(host: string): void {
    this.pools.get(host)?.close();
    this.pools.delete(host);
    this.targetRegistrations.forget(host);
  }

  private iamUpstream(
    applied: Applied,
    proxy: DbProxy,
    instance: DbInstance | undefined,
    from: string,
  ): IamUpstream | undefined {
    const { network, authorities, assumeRole, log, port = MYSQL_PORT } = this.options;
    const host = instance?.address ?? '';
    const address = network.hosts[host];
    if (!isEndToEnd(proxy) || instance === undefined || address === undefined) return undefined;
    return new IamUpstream({
      login: { host, port, address, from, ca: authorities.instance.pem },
      proxy,
      instance,
      ownAddress: network.addressOf(from),
      permissions: Permissions.of(applied),
      assumeRole,
      log,
    });
  }

  private authentication(applied: Applied, host: string, arn: string, resourceId: string): IamAuthentication {
    const { credentialsOf, port = MYSQL_PORT } = this.options;
    const permissions = Permissions.of(applied);
    const now = (): Date => new Date(Date.now() + this.clockAheadSeconds * 1000);
    return new IamAuthentication({ host, port, arn, resourceId, credentialsOf, permissions, now });
  }

  private async poolOf(host: string, config: ConnectionPoolConfig): Promise<ConnectionPool> {
    const pool = this.pools.get(host) ?? new ConnectionPool();
    const [row] = await this.options.database.query<{ max: number }>('SELECT @@max_connections AS max');
    const share = Math.floor(((row?.max ?? 0) * config.max_connections_percent) / 100);
    pool.limit = Math.max(1, share - MONITORING_CONNECTIONS);
    pool.borrowTimeoutSeconds = config.connection_borrow_timeout;
    this.pools.set(host, pool);
    return pool;
  }
}
