import { setTimeout as sleep } from 'node:timers/promises';
import mysql, { type Connection, type ConnectionOptions, type QueryOptions, type RowDataPacket } from 'mysql2/promise';
import type { Credentials, Login } from './credentials';
import { Deadline } from './deadline';
import { diagnose } from './diagnose';
import type { Attempt } from './diagnosis/cause';
import { DatabaseAway, isAccessDenied, isAway, isConnectionLost, isRefused, isTimeout, LoginRefused } from './errors';
import { errorFields, log } from './log';
import type { Target } from './target';

/** Together below every function's timeout, so that an unreachable database is an answer and not a silence. */
const CONNECT_TIMEOUT_MS = 3_000;
const QUERY_TIMEOUT_MS = 5_000;

/** For all connections and statements of one call. `functions.timeoutSeconds` is at least 9. */
const CALL_MS = CONNECT_TIMEOUT_MS + QUERY_TIMEOUT_MS;

/** For work that no caller waits for: each statement has its own limit, and all of them together none. */
export const UNLIMITED_MS = Infinity;

/** One connection that went stale while the container was frozen, and a new one that is lost as well. */
const LOST_CONNECTIONS = 2;

/** Before the second repetition: what has cut two connections in a row may last a moment. */
const PAUSE_MS = 200;

/** Reads the value of a column. */
export type TypeCast = Extract<QueryOptions['typeCast'], (...field: never[]) => unknown>;

/**
 * Runs one statement; values take the place of `?`.
 *
 * @param typeCast reads each value of the result. @default - the driver's own reading, dates as text
 */
export type Query = (sql: string, values?: readonly unknown[], typeCast?: TypeCast) => Promise<RowDataPacket[]>;

/**
 * One connection, opened when the container starts, kept from call to call, replaced when it went stale: a frozen
 * container cannot hear the server say goodbye.
 */
export class Database {
  private connection: Promise<Connection> | undefined;
  private attempted: Attempt | undefined;

  constructor(
    private readonly target: Target,
    private readonly credentials: Credentials,
    private readonly name?: string,
  ) {}

  /** Begins to connect before the first call needs it. A failure is left to that call, which tries anew. */
  warm(): this {
    this.open(new Deadline(CALL_MS)).catch((error: unknown) => {
      log('warn', 'The database could not be reached while the function started', errorFields(error));
    });
    return this;
  }

  /**
   * Does work on the connection. Where the connection turns out to be lost the work is done again on a new one, up to
   * twice, so it must be safe to do several times.
   *
   * @param milliseconds for all of it: what is still under way then is given up
   * @throws DatabaseAway where the database, or what gives the login for it, does not answer.
   * @throws LoginRefused where one of them says no.
   */
  async run<T>(work: (query: Query) => Promise<T>, milliseconds = CALL_MS): Promise<T> {
    const deadline = new Deadline(milliseconds);
    for (let lost = 0; ; lost += 1) {
      try {
        return await this.attempt(work, deadline);
      } catch (error) {
        if (!isConnectionLost(error) || lost === LOST_CONNECTIONS || deadline.isOver) throw this.explain(error);
        log('info', 'The connection was lost; the work is done again on a new one', errorFields(error));
        if (lost > 0) await sleep(PAUSE_MS);
      }
    }
  }

  /** Closes the connection, if there is one. */
  async close(): Promise<void> {
    const connection = this.connection;
    this.connection = undefined;
    await connection?.then((open) => open.end()).catch(() => undefined);
  }

  private async attempt<T>(work: (query: Query) => Promise<T>, deadline: Deadline): Promise<T> {
    // What began before this call, maybe before the container was frozen, says nothing about now where it failed.
    const connection = (await this.connection?.catch(() => undefined)) ?? (await this.open(deadline));
    try {
      return await work((...statement) => this.query(connection, deadline, ...statement));
    } catch (error) {
      await this.recover(connection, deadline, error);
      throw error;
    }
  }

  /** `query`, never `execute`: a prepared statement would pin the session of an RDS Proxy. */
  private async query(
    connection: Connection,
    deadline: Deadline,
    ...[sql, values = [], typeCast]: Parameters<Query>
  ): Promise<RowDataPacket[]> {
    const timeout = deadline.limit(QUERY_TIMEOUT_MS);
    const options = { sql, values: [...values], timeout, ...(typeCast && { typeCast }) };
    const [rows] = await connection.query<RowDataPacket[]>(options);
    return rows;
  }

  /** Leaves nothing half done on the connection, or drops it. */
  private async recover(connection: Connection, deadline: Deadline, error: unknown): Promise<void> {
    try {
      // Behind a statement without an answer another one waits in vain, until the function's time is up.
      if (isTimeout(error)) throw error;
      await connection.query({ sql: 'ROLLBACK', timeout: deadline.limit(QUERY_TIMEOUT_MS) });
    } catch {
      this.connection = undefined;
      connection.destroy();
    }
  }

  private open(deadline: Deadline): Promise<Connection> {
    if (this.connection) return this.connection;
    const opening = this.connect(deadline);
    this.connection = opening;
    const drop = (): void => {
      if (this.connection === opening) this.connection = undefined;
    };
    // Two listeners of one fate: a failed opening is not kept, and a connection is not kept beyond its end.
    opening.then((connection) => connection.on('error', drop), drop);
    return opening;
  }

  private async connect(deadline: Deadline): Promise<Connection> {
    this.attempted = undefined;
    let refusal: unknown;
    for await (const login of this.credentials.logins()) {
      try {
        return await this.connectWith(login, deadline);
      } catch (error) {
        if (!isAccessDenied(error)) throw error;
        refusal = error;
      }
    }
    throw refusal;
  }

  private connectWith(login: Login, deadline: Deadline): Promise<Connection> {
    this.attempted = { login, tokenSent: false };
    const tokenSent = (): void => void (this.attempted = { login, tokenSent: true });
    const connectTimeout = deadline.limit(CONNECT_TIMEOUT_MS);
    return mysql.createConnection({
      ...connectionOptions(this.target, login, this.name, tokenSent),
      connectTimeout,
    });
  }

  private explain(error: unknown): unknown {
    const { host, port } = this.target;
    const known = diagnose(error, this.target, this.attempted);
    if (isRefused(error)) {
      const checks = known.length > 0 ? known : this.credentials.checks;
      return new LoginRefused(`${host} refused the login`, checks, { cause: error });
    }
    if (isAway(error)) return new DatabaseAway(`${host}:${port} does not answer`, { cause: error }, known);
    return error;
  }
}

/**
 * What the driver is told for one connection.
 *
 * @throws Error where a token would travel without verified TLS. SECURITY: mysql2 itself would send it.
 */
export function connectionOptions(
  { host, port, tls }: { readonly host: string; readonly port: number; readonly tls?: Partial<Target['tls']> },
  { user, password, clearText }: Login,
  database?: string,
  tokenSent: () => void = () => undefined,
): ConnectionOptions {
  if (clearText && !(tls?.ca && tls.verifyIdentity && tls.rejectUnauthorized)) {
    throw new Error('A token is only sent over TLS with a verified certificate: ca and verifyIdentity must be set');
  }
  const sendToken = (): Buffer => {
    tokenSent();
    return Buffer.from(`${password}\0`);
  };
  return {
    host,
    port,
    user,
    charset: 'utf8mb4',
    // Times are text in UTC on the wire; a Date would depend on the time zone of the process.
    dateStrings: true,
    connectTimeout: CONNECT_TIMEOUT_MS,
    ...(database !== undefined && { database }),
    ...(tls && { ssl: { ...tls } }),
    ...(clearText ? { authPlugins: { mysql_clear_password: () => sendToken } } : { password }),
  };
}
