import { setTimeout as sleep } from 'node:timers/promises';
import mysql, { type Connection, type ConnectionOptions, type QueryOptions, type RowDataPacket } from 'mysql2/promise';
import { errorFields, log } from '../log';
import type { DatabaseCredentials, DatabaseLogin } from './database-credentials';
import { Deadline } from './deadline';
import type { Attempt } from './diagnosis/cause';
import { diagnose } from './diagnosis/diagnose';
import { isAccessDenied, isUnavailable, isConnectionLost, isRefused, isTimeout, isTlsFailure } from './error-codes';
import { DatabaseUnavailable, LoginRefused } from './errors';
import type { Target } from './target';

/** Both limits together are shorter than any function's timeout, so callers get an answer even if the database is unreachable. */
const CONNECT_TIMEOUT_MS = 3_000;
const QUERY_TIMEOUT_MS = 5_000;

/**
 * Time limit of one `run`, which reads secrets, connects and runs statements. It is below the minimum of `functions.timeoutSeconds`,
 * 9 s.
 */
const CALL_MS = CONNECT_TIMEOUT_MS + QUERY_TIMEOUT_MS;

/** No limit for one `run`, for work that no caller of the API waits for. Each statement keeps its timeout. */
export const UNLIMITED_MS = Infinity;

/** The connection may have gone stale while the container was frozen, and a new connection may be lost too. */
const MAX_RETRIES = 2;

/** Pause before the second retry: the fault that broke two connections in a row may last a moment. */
const PAUSE_MS = 200;

/**
 * Longest time without a statement before the connection is replaced. NAT gateways and VPC endpoints forget a connection after
 * 350 s without traffic. The network of a function in a VPC may do the same. AWS does not say whether the network then resets
 * the connection. Without a reset, a statement would wait until its timeout.
 *
 * https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-troubleshooting.html#nat-gateway-troubleshooting-timeout
 */
const IDLE_MS = 300_000;

/** Reads the value of a column. */
export type TypeCast = Extract<QueryOptions['typeCast'], (...field: never[]) => unknown>;

/**
 * Runs one statement. Each `?` in it stands for one of the values.
 *
 * @param typeCast reads each value of the result. @default - the driver's own conversion, dates as text
 * @param milliseconds timeout of the statement. @default 5000
 */
export type Query = (
  sql: string,
  values?: readonly unknown[],
  typeCast?: TypeCast,
  milliseconds?: number,
) => Promise<RowDataPacket[]>;

/**
 * Keeps one connection open for all calls of `run`, and replaces it when it is lost or was idle for five minutes. A frozen
 * container does not notice when the server closes the connection.
 *
 * A connection in use may stay open for any time: the server checks a password or token only at login.
 */
export class Database {
  private connection: Promise<Connection> | undefined;
  private lastAttempt: Attempt | undefined;
  /** When the connection was last used, in milliseconds since the epoch. */
  private usedAt = 0;

  constructor(
    private readonly target: Target,
    private readonly credentials: DatabaseCredentials,
    private readonly name?: string,
  ) {}

  /** Starts to connect before the first `run`. If the connection fails, the first `run` tries again. */
  warm(): this {
    this.open(new Deadline(CALL_MS)).catch((error: unknown) => {
      log('warn', 'No connection opened while the function started; the first call tries again', errorFields(error));
    });
    return this;
  }

  /**
   * Runs work on the connection. If the connection is lost, runs the work again on a new one, up to twice, so the work must be
   * safe to repeat.
   *
   * @param milliseconds limit for all attempts together; afterwards, a running statement is abandoned
   * @throws DatabaseUnavailable if the database or Secrets Manager is unreachable or overloaded.
   * @throws LoginRefused if the database or Secrets Manager refuses, or TLS fails.
   */
  async run<T>(work: (query: Query) => Promise<T>, milliseconds = CALL_MS): Promise<T> {
    const deadline = new Deadline(milliseconds);
    for (let retry = 0; ; retry += 1) {
      try {
        return await this.attempt(work, deadline);
      } catch (error) {
        if (!isConnectionLost(error) || retry === MAX_RETRIES || deadline.isOver) throw this.explain(error);
        log('info', 'The connection was lost; retrying on a new one', errorFields(error));
        if (retry > 0) await sleep(PAUSE_MS);
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
    if (Date.now() - this.usedAt > IDLE_MS) this.drop();
    // A connection attempt may have failed before the container was frozen. Its error is out of date: connect again.
    const connection = (await this.connection?.catch(() => undefined)) ?? (await this.open(deadline));
    try {
      return await work((...statement) => this.query(connection, deadline, ...statement));
    } catch (error) {
      await this.recover(connection, deadline, error);
      throw error;
    }
  }

  /** Uses `query`, never `execute`: a prepared statement would pin the session of RDS Proxy. */
  private async query(
    connection: Connection,
    deadline: Deadline,
    ...[sql, values = [], typeCast, milliseconds = QUERY_TIMEOUT_MS]: Parameters<Query>
  ): Promise<RowDataPacket[]> {
    const timeout = deadline.limit(milliseconds);
    const options = { sql, values: [...values], timeout, ...(typeCast && { typeCast }) };
    const [rows] = await connection.query<RowDataPacket[]>(options);
    this.usedAt = Date.now();
    return rows;
  }

  /** Rolls back the open transaction after an error, or drops the connection if that is impossible. */
  private async recover(connection: Connection, deadline: Deadline, error: unknown): Promise<void> {
    try {
      // The server runs statements in order: ROLLBACK would wait for the one that timed out.
      if (isTimeout(error)) throw error;
      await connection.query({ sql: 'ROLLBACK', timeout: deadline.limit(QUERY_TIMEOUT_MS) });
    } catch {
      this.connection = undefined;
      connection.destroy();
    }
  }

  /** Closes the connection without COM_QUIT, because the server may no longer answer. */
  private drop(): void {
    this.connection?.then((idle) => idle.destroy()).catch(() => undefined);
    this.connection = undefined;
  }

  private open(deadline: Deadline): Promise<Connection> {
    if (this.connection) return this.connection;
    this.usedAt = Date.now();
    const opening = this.connect(deadline);
    this.connection = opening;
    const forget = (): void => {
      if (this.connection === opening) this.connection = undefined;
    };
    // Forgets the connection if it does not open, and once it breaks.
    opening.then((connection) => connection.on('error', forget), forget);
    return opening;
  }

  private async connect(deadline: Deadline): Promise<Connection> {
    this.lastAttempt = undefined;
    let refusal: unknown;
    for await (const login of this.credentials.logins(deadline.signal)) {
      try {
        return await this.connectWith(login, deadline);
      } catch (error) {
        if (!isAccessDenied(error)) throw error;
        refusal = error;
      }
    }
    throw refusal;
  }

  private connectWith(login: DatabaseLogin, deadline: Deadline): Promise<Connection> {
    this.lastAttempt = { login, tokenSent: false };
    const onTokenSent = (): void => void (this.lastAttempt = { login, tokenSent: true });
    const connectTimeout = deadline.limit(CONNECT_TIMEOUT_MS);
    return mysql.createConnection({
      ...connectionOptions(this.target, login, this.name, onTokenSent),
      connectTimeout,
    });
  }

  private explain(error: unknown): unknown {
    const { host, port } = this.target;
    const causes = diagnose(error, this.target, this.lastAttempt);
    if (isTlsFailure(error)) return new LoginRefused(`TLS with ${host} failed`, causes, { cause: error });
    if (isRefused(error)) {
      const checks = causes.length > 0 ? causes : this.credentials.checks;
      return new LoginRefused(`${host} refused the login`, checks, { cause: error });
    }
    if (isUnavailable(error))
      return new DatabaseUnavailable(`${host}:${port} is unavailable`, causes, { cause: error });
    return error;
  }
}

/**
 * Builds the driver's options for one connection.
 *
 * @throws Error if a token would be sent without verified TLS. SECURITY: mysql2 itself would send it.
 */
export function connectionOptions(
  { host, port, tls }: { readonly host: string; readonly port: number; readonly tls?: Partial<Target['tls']> },
  { user, password, clearText }: DatabaseLogin,
  database?: string,
  onTokenSent: () => void = () => undefined,
): ConnectionOptions {
  if (clearText && !(tls?.ca && tls.verifyIdentity && tls.rejectUnauthorized)) {
    throw new Error('A token is sent only over verified TLS: ca, verifyIdentity and rejectUnauthorized must be set');
  }
  const sendToken = (): Buffer => {
    onTokenSent();
    return Buffer.from(`${password}\0`);
  };
  return {
    host,
    port,
    user,
    charset: 'utf8mb4',
    // The server sends times as text in UTC; converting them to Date would depend on the time zone of the process.
    dateStrings: true,
    connectTimeout: CONNECT_TIMEOUT_MS,
    ...(database !== undefined && { database }),
    ...(tls && { ssl: { ...tls } }),
    ...(clearText ? { authPlugins: { mysql_clear_password: () => sendToken } } : { password }),
  };
}
