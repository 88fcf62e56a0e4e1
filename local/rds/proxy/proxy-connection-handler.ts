import { setTimeout as sleep } from 'node:timers/promises';
import type { Duplex } from 'node:stream';
import type { ClientConnection } from '../protocol/client-connection';
import type { ConnectionPool } from './connection-pool';
import type { ConnectionHandler } from '../protocol/connection-handler';
import type { IamAuthentication } from '../login/iam-authentication';
import type { IamUpstream } from './iam-upstream';
import type { ProxyCredentials, ProxySecrets } from './proxy-secrets';
import { ProxySession, type Lender } from './proxy-session';
import { execute } from '../protocol/command';
import { accessDenied, BORROW_TIMEOUT, SECURE_TRANSPORT_REQUIRED } from '../protocol/mysql-errors';
import { Refused } from '../protocol/refused';
import { isEndToEnd, type DbProxy } from '../resources';
import { ServerConnection } from '../protocol/server-connection';
import { AVAILABLE, unavailable, type TargetHealth } from './target-health';
import type { Translator } from '../instance/translator';
import { UTF8MB4, type LoginPacket } from '../protocol/wire';

export interface ProxyConnectionHandlerOptions {
  readonly proxy: DbProxy;
  readonly secrets: ProxySecrets;
  readonly iam: IamAuthentication;
  /** Logs in to the database by IAM; `undefined` if the proxy uses only its secrets, or if its target has no address yet. */
  readonly iamUpstream: IamUpstream | undefined;
  readonly pool: ConnectionPool;
  /** Path of MariaDB's Unix socket. */
  readonly serverSocket: string;
  /** The proxy's own address in the VPC, which the database sees. */
  readonly address: string;
  /** Returns why the proxy cannot reach its target, if it cannot. */
  readonly targetFailure: () => TargetHealth | undefined;
  readonly translator: Translator;
  /** Statements for every new connection to the database. */
  readonly initQuery: readonly string[];
  /** Whether the pinning filter EXCLUDE_VARIABLE_SETS is on. */
  readonly excludesSets: boolean;
  readonly log: (line: string) => void;
}

const TLS_REQUIRED = { ...SECURE_TRANSPORT_REQUIRED, message: 'This RDS Proxy requires TLS connections' };

/**
 * The answer to a login that the proxy refuses because of its user, password or token. It does not contain the reason.
 *
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.troubleshooting.html
 */
const denied = (user: string): Refused => Refused.by(accessDenied(user, '%'));

/** Login packet of a health check, without the user. The capabilities include protocol 4.1 and authentication plugins. */
const HEALTH_CHECK_LOGIN_PACKET = { capabilities: 0x8aa0f, collation: UTF8MB4, isCompressed: false };

/** Interval for checking whether the target is reachable. */
const REACHABILITY_CHECK_MS = 50;

let threadCount = 0;

/**
 * Returns the next connection id for a proxy's client. A proxy sends its own ids to clients, because the statements of one client
 * go to several connections. The database does not know these ids: KILL answers "Unknown thread id", so clients cannot cancel a
 * statement with them. For that they need the database's id of the connection, from SELECT CONNECTION_ID(). The proxy's ids are higher
 * than any id of the database, so that they never match another connection.
 *
 * https://github.com/mysql-net/MySqlConnector/issues/1581
 */
const nextThreadId = (): number => 0x40000000 + (threadCount += 1);

/**
 * Handles the connections of a proxy. The proxy compares the client's password with the one in the user's secret, or checks the
 * client's token. It then logs in to the database with the user's secret. If the user has no secret and the proxy's
 * `default_auth_scheme` is IAM_AUTH, the proxy logs in by IAM. AWS does not say whether a secret or IAM takes precedence.
 */
export class ProxyConnectionHandler implements ConnectionHandler {
  readonly connectTimeoutSeconds = 10;

  constructor(private readonly options: ProxyConnectionHandlerOptions) {}

  async serve(client: ClientConnection, address: string): Promise<void> {
    const { proxy, pool, translator, initQuery, excludesSets } = this.options;
    await client.greet(nextThreadId());
    const { user, database, collation, capabilities } = client.loginPacket;
    if (proxy.require_tls && !client.isEncrypted) throw Refused.by(TLS_REQUIRED);
    await this.authenticate(client, address);
    const poolKeyOf = (settings: readonly string[]): string =>
      JSON.stringify([user, database, collation, capabilities, client.isEncrypted, initQuery, settings]);
    const lender: Lender = {
      borrow: (settings) => pool.borrow(poolKeyOf(settings), () => this.open(client, settings)),
      giveBack: (connection, settings) => pool.giveBack(poolKeyOf(settings), connection),
    };
    // The proxy borrows a connection before it accepts the client. So it refuses the client if its own login to the
    // database fails, for example because the secret holds an old password.
    lender.giveBack(await lender.borrow([]), []);
    client.accept();
    client.closeWhenIdle(proxy.idle_client_timeout);
    await new ProxySession(client, { lender, translator, excludesSets }).run();
  }

  /** Tries to log in to the target with each secret, until one works. Without secrets, checks the login by IAM. */
  async targetHealth(): Promise<TargetHealth> {
    const { proxy, secrets, iamUpstream, serverSocket, address } = this.options;
    const failure = this.options.targetFailure();
    if (failure !== undefined) return failure;
    if (iamUpstream && proxy.auth.length === 0) return iamUpstream.health();
    let health = unavailable(
      'AUTH_FAILURE',
      `the proxy '${proxy.name}' can read no secret that contains a username and a password`,
    );
    for await (const { user, password } of secrets.credentials()) {
      const login = { loginPacket: { ...HEALTH_CHECK_LOGIN_PACKET, user }, password, isEncrypted: proxy.require_tls };
      try {
        const connection = await ServerConnection.open(serverSocket, address);
        (await connection.logIn(login)).destroy();
        return AVAILABLE;
      } catch (error) {
        const reason = error instanceof Refused ? 'AUTH_FAILURE' : 'CONNECTION_FAILED';
        health = unavailable(reason, (error as Error).message);
      }
    }
    return health;
  }

  private async authenticate(client: ClientConnection, address: string): Promise<void> {
    const { user } = client.loginPacket;
    const reason = await this.refusalOf(client);
    if (reason === undefined) return;
    this.options.log(`The login of '${user}'@'${address}' is refused: ${reason}`);
    throw denied(user);
  }

  private async refusalOf(client: ClientConnection): Promise<string | undefined> {
    const credentials = await this.credentialsOf(client.loginPacket.user);
    if (credentials === undefined || credentials.auth.iam_auth === 'REQUIRED')
      return this.options.iam.refusalOf(client);
    // The default is caching_sha2_password: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_UserAuthConfig.html
    const isSha2 = credentials.auth.client_password_auth_type !== 'MYSQL_NATIVE_PASSWORD';
    const plugin = isSha2 ? 'caching_sha2_password' : 'mysql_native_password';
    // A proxy accepts caching_sha2_password over TLS only.
    // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.html#rds-proxy.limitations
    if (isSha2 && !client.isEncrypted) return `${plugin} requires TLS`;
    return (await client.knows(credentials.password, plugin)) ? undefined : 'the password is wrong';
  }

  /**
   * Returns the user's credentials; `undefined` for a user without a secret, if the proxy logs in by IAM for such users.
   *
   * @throws Refused if the user has no secret and the proxy does not log in by IAM.
   */
  private async credentialsOf(user: string): Promise<ProxyCredentials | undefined> {
    const { secrets, proxy } = this.options;
    for await (const credentials of secrets.credentials()) {
      if (credentials.user === user) return credentials;
    }
    if (isEndToEnd(proxy)) return undefined;
    this.options.log(`The login of '${user}' is refused: the proxy can read no secret for this user`);
    throw denied(user);
  }

  private async open({ loginPacket, isEncrypted }: ClientConnection, settings: readonly string[]): Promise<Duplex> {
    await this.reachTarget();
    const server = await this.logIn(loginPacket, isEncrypted);
    await this.initialise(server, settings);
    // Reads idle connections, to notice when the database closes them.
    return server.resume();
  }

  /**
   * Logs in to the target. With a secret, the proxy uses TLS to the target if the client uses TLS to the proxy. A proxy that requires TLS
   * therefore always uses TLS to the target.
   *
   * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy-creating.html
   */
  private async logIn(loginPacket: LoginPacket, isEncrypted: boolean): Promise<Duplex> {
    const { iamUpstream, serverSocket, address } = this.options;
    const credentials = await this.credentialsOf(loginPacket.user);
    if (credentials) {
      const connection = await ServerConnection.open(serverSocket, address);
      return connection.logIn({ loginPacket, password: credentials.password, isEncrypted });
    }
    // This proxy logs in by IAM, but its target had no address yet. The client gets the same error as for an unreachable target.
    if (iamUpstream === undefined) throw Refused.by(BORROW_TIMEOUT);
    return iamUpstream.open(loginPacket);
  }

  /** Waits until the target is reachable, at most for the borrow timeout of the pool. @throws Refused if the target stays unreachable */
  private async reachTarget(): Promise<void> {
    const { pool, targetFailure, log } = this.options;
    const deadline = performance.now() + pool.borrowTimeoutSeconds * 1000;
    let loggedFailure: string | undefined;
    for (;;) {
      const failure = targetFailure()?.description;
      if (failure === undefined) return;
      if (failure !== loggedFailure) log(`The proxy cannot reach its target: ${failure}`);
      loggedFailure = failure;
      if (performance.now() >= deadline) throw Refused.by(BORROW_TIMEOUT);
      await sleep(REACHABILITY_CHECK_MS, undefined, { ref: false });
    }
  }

  /** Runs the initialization query and repeats the session's settings. Ignores errors of settings: each setting has succeeded before. */
  private async initialise(server: Duplex, settings: readonly string[]): Promise<void> {
    for (const statement of this.options.initQuery) {
      const error = await execute(server, statement);
      if (error === undefined) continue;
      server.destroy();
      const refused = Refused.byServer(error);
      this.options.log(`init_query of the proxy '${this.options.proxy.name}' failed: ${refused.message}`);
      throw refused;
    }
    for (const statement of settings) await execute(server, statement);
  }
}
