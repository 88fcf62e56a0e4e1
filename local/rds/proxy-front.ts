import { setTimeout as sleep } from 'node:timers/promises';
import type { Duplex } from 'node:stream';
import type { ClientConnection } from './client-connection';
import { BORROW_TIMEOUT, type ConnectionPool } from './connection-pool';
import type { Front } from './front';
import type { IamAuthentication } from './iam-authentication';
import type { IamUpstream } from './iam-upstream';
import type { ProxyCredentials, ProxySecrets } from './proxy-secrets';
import { ProxySession, type Lender } from './proxy-session';
import { execute } from './exchange';
import { Refused } from './refused';
import { isEndToEnd, type DbProxy } from './resources';
import { ServerConnection } from './server-connection';
import { AVAILABLE, unavailable, type TargetHealth } from './target-health';
import type { Translator } from './translator';
import type { ClientHello } from './wire';

export interface ProxyFrontOptions {
  readonly proxy: DbProxy;
  readonly secrets: ProxySecrets;
  readonly iam: IamAuthentication;
  /** How the proxy logs in by IAM. @default - it has the passwords in its secrets alone */
  readonly iamUpstream?: IamUpstream;
  readonly pool: ConnectionPool;
  /** Path of MariaDB's Unix socket. */
  readonly serverSocket: string;
  /** The proxy's own address in the VPC: what the database sees. */
  readonly address: string;
  /** What keeps the proxy from its target, if something does. */
  readonly barrier: () => TargetHealth | undefined;
  readonly translator: Translator;
  /** Statements for every new connection to the database. */
  readonly initQuery: readonly string[];
  /** The filter EXCLUDE_VARIABLE_SETS. */
  readonly excludesSets: boolean;
  readonly log: (line: string) => void;
}

const refusal = (errno: number, sqlState: string, message: string): Refused => Refused.by({ errno, sqlState, message });

const TLS_REQUIRED = refusal(3159, 'HY000', 'This RDS Proxy requires TLS connections');
const IAM_WITHOUT_TLS = refusal(1045, '28000', 'IAM is allowed only with SSL connections.');

/** MySQL's protocol 4.1, with the plugin that proves the password. */
const HEALTH_CHECK_CAPABILITIES = 0x8aa0f;

/** How often a proxy looks whether it reaches its target. */
const LOOK_AGAIN_MS = 50;

let threads = 0;

/**
 * A proxy tells its clients an id of its own, since their statements go to several connections. The database does not know it:
 * KILL answers "Unknown thread id", so that clients cannot cancel a statement by it. Only SELECT CONNECTION_ID() finds the
 * connection that is in use. These start where ids of the database never get to, so that they hit no other connection.
 *
 * https://github.com/mysql-net/MySqlConnector/issues/1581
 */
const nextThreadId = (): number => 0x40000000 + (threads += 1);

/**
 * A proxy: it compares what the client proves with its secret, or checks a token, and logs in to the database with its
 * secret either way. With the scheme IAM_AUTH it has secrets for some users or none, and logs in by IAM for the others. AWS
 * does not say whether a secret or IAM comes first.
 *
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.troubleshooting.html has its words.
 */
export class ProxyFront implements Front {
  readonly connectTimeout = 10;

  constructor(private readonly options: ProxyFrontOptions) {}

  async serve(client: ClientConnection, address: string): Promise<void> {
    const { proxy, pool, translator, initQuery, excludesSets } = this.options;
    await client.greet(nextThreadId());
    const { user, database, collation, capabilities } = client.hello;
    if (proxy.require_tls && !client.isEncrypted) throw TLS_REQUIRED;
    await this.authenticate(client, address);
    const kindOf = (settings: readonly string[]): string =>
      JSON.stringify([user, database, collation, capabilities, initQuery, settings]);
    const lender: Lender = {
      borrow: (settings) => pool.borrow(kindOf(settings), () => this.open(client, settings)),
      giveBack: (connection, settings) => pool.giveBack(kindOf(settings), connection),
    };
    // The database has its say before the client is in: the secret may hold an old password.
    lender.giveBack(await lender.borrow([]), []);
    client.accept();
    client.closeWhenIdle(proxy.idle_client_timeout);
    await new ProxySession(client, { lender, translator, excludesSets }).run();
  }

  /** Tries to log in to the target with each of its secrets; one that works is enough. */
  async targetHealth(): Promise<TargetHealth> {
    const { proxy, secrets, iamUpstream, serverSocket, address } = this.options;
    const barrier = this.options.barrier();
    if (barrier !== undefined) return barrier;
    if (iamUpstream && proxy.auth.length === 0) return iamUpstream.health();
    let health = unavailable('AUTH_FAILURE', `the proxy ${proxy.name} can read no secret with username and password`);
    for (const { user, password } of await secrets.all()) {
      const hello = {
        capabilities: HEALTH_CHECK_CAPABILITIES,
        collation: 45,
        user,
        database: undefined,
        isCompressed: false,
      };
      try {
        const connection = await ServerConnection.open(serverSocket, address);
        (await connection.logIn({ hello, password, isEncrypted: proxy.require_tls })).destroy();
        return AVAILABLE;
      } catch (error) {
        const reason = error instanceof Refused ? 'AUTH_FAILURE' : 'CONNECTION_FAILED';
        health = unavailable(reason, (error as Error).message);
      }
    }
    return health;
  }

  private async authenticate(client: ClientConnection, address: string): Promise<void> {
    const { user } = client.hello;
    const credentials = await this.credentialsOf(user);
    if (credentials === undefined) return this.checkToken(client, address);
    const { auth, password } = credentials;
    const { iam_auth, client_password_auth_type } = auth;
    if (iam_auth === 'REQUIRED') {
      await this.checkToken(client, address);
    } else {
      const isSha2 = client_password_auth_type === 'MYSQL_CACHING_SHA2_PASSWORD';
      const plugin = isSha2 ? 'caching_sha2_password' : 'mysql_native_password';
      // Whatever the password is; AWS does not say in what words.
      // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.html#rds-proxy.limitations
      const lacksTls = isSha2 && !client.isEncrypted;
      if (lacksTls || !(await client.knows(password, plugin))) throw Refused.accessDenied(user, address);
    }
  }

  /**
   * What the secret holds now: after a rotation it is not what it was when the client logged in.
   *
   * @returns `undefined` for a user without a secret, as which the proxy logs in by IAM
   * @throws Refused where it does not log in by IAM.
   */
  private async credentialsOf(user: string): Promise<ProxyCredentials | undefined> {
    const { secrets, proxy } = this.options;
    const credentials = await secrets.of(user);
    if (credentials || isEndToEnd(proxy)) return credentials;
    const message = `This RDS proxy has no credentials for the role ${user}. Check the credentials for this role and try again.`;
    throw refusal(1045, '28000', message);
  }

  private async checkToken(client: ClientConnection, address: string): Promise<void> {
    const { user } = client.hello;
    if (!client.isEncrypted) throw IAM_WITHOUT_TLS;
    const reason = this.options.iam.refusal(await client.askToken(), user);
    if (reason === undefined) return;
    this.options.log(`The IAM login of '${user}'@'${address}' is refused: ${reason}`);
    const message = `IAM authentication failed for the role ${user}. Check the IAM token for this role and try again.`;
    throw refusal(1045, '28000', message);
  }

  /** Opens a connection to the target. */
  private async open({ hello }: ClientConnection, settings: readonly string[]): Promise<Duplex> {
    await this.reachTarget();
    const server = await this.logIn(hello);
    await this.initialise(server, settings);
    // An idle connection has to be read, or nobody hears that the database has closed it.
    return server.resume();
  }

  private async logIn(hello: ClientHello): Promise<Duplex> {
    const { proxy, iamUpstream, serverSocket, address } = this.options;
    const credentials = await this.credentialsOf(hello.user);
    if (credentials) {
      // The setting holds for both legs: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.howitworks.html
      const isEncrypted = proxy.require_tls;
      const connection = await ServerConnection.open(serverSocket, address);
      return connection.logIn({ hello, password: credentials.password, isEncrypted });
    }
    // Without a target the client has waited in vain.
    if (iamUpstream === undefined) throw BORROW_TIMEOUT;
    return iamUpstream.open(hello);
  }

  /** Waits for the target as long as a client waits for a connection. @throws Refused where it is not reached by then */
  private async reachTarget(): Promise<void> {
    const { pool, barrier, log } = this.options;
    const deadline = performance.now() + pool.borrowTimeout * 1000;
    for (let before: string | undefined; ;) {
      const description = barrier()?.description;
      if (description === undefined) return;
      if (description !== before) log(`The proxy does not reach its target: ${description}`);
      before = description;
      if (performance.now() >= deadline) throw BORROW_TIMEOUT;
      await sleep(LOOK_AGAIN_MS, undefined, { ref: false });
    }
  }

  /** Runs the initialization query, and repeats the settings of the session, which have succeeded before. */
  private async initialise(server: Duplex, settings: readonly string[]): Promise<void> {
    for (const statement of this.options.initQuery) {
      const error = await execute(server, statement);
      if (error === undefined) continue;
      server.destroy();
      const refused = Refused.byServer(error);
      this.options.log(`init_query of the proxy ${this.options.proxy.name} failed: ${refused.message}`);
      throw refused;
    }
    for (const statement of settings) await execute(server, statement);
  }
}
