/** What an error means for a connection, and so for the next attempt. */
type Meaning =
  /** The connection is lost; a new one may succeed. The server may or may not have run the last statement. */
  | 'lost'
  /** The database is unreachable, or cannot do the work at the moment; a later attempt may succeed. */
  | 'unavailable'
  /** The server refuses the login, requests a credential that the client lacks, or offers no TLS; the same login fails again. */
  | 'refused'
  /** The TLS handshake fails, most often because the client does not trust the server's certificate. Later attempts fail too. */
  | 'untrusted'
  /** One statement fails; connection and login are good. */
  | 'statement';

/**
 * Error codes of the server, RDS Proxy, the driver and Node.js. Other lists of codes have the type `ErrorCode`, so they cannot name
 * a code that is missing here.
 *
 * https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html
 */
export const MEANINGS = {
  ECONNRESET: 'lost',
  EPIPE: 'lost',
  ER_CLIENT_INTERACTION_TIMEOUT: 'lost',
  ER_NORMAL_SHUTDOWN: 'lost',
  ER_SERVER_SHUTDOWN: 'lost',
  PROTOCOL_CONNECTION_LOST: 'lost',
  PROTOCOL_ENQUEUE_AFTER_FATAL_ERROR: 'lost',

  EAI_AGAIN: 'unavailable',
  ECONNREFUSED: 'unavailable',
  EHOSTUNREACH: 'unavailable',
  ENETUNREACH: 'unavailable',
  ENOTFOUND: 'unavailable',
  ETIMEDOUT: 'unavailable',
  ER_CON_COUNT_ERROR: 'unavailable',
  ER_HOST_IS_BLOCKED: 'unavailable',
  ER_OPTION_PREVENTS_STATEMENT: 'unavailable',
  // KILL QUERY or mysql.rds_kill_query causes it. A plain KILL closes the connection: 'lost'.
  ER_QUERY_INTERRUPTED: 'unavailable',
  ER_READ_ONLY_MODE: 'unavailable',
  ER_SERVER_OFFLINE_MODE: 'unavailable',
  ER_TOO_MANY_USER_CONNECTIONS: 'unavailable',
  ER_USER_LIMIT_REACHED: 'unavailable',
  PROTOCOL_SEQUENCE_TIMEOUT: 'unavailable',
  // RDS Proxy: "Timed-out waiting to acquire database connection". The driver has no name for it.
  '9501': 'unavailable',

  // The next three: the server asks for a kind of credential that the client lacks. For example, it asks for a token, but the client
  // has only a password.
  AUTH_SWITCH_PLUGIN_ERROR: 'refused',
  ERR_OSSL_RSA_DATA_TOO_LARGE_FOR_KEY_SIZE: 'refused',
  MYSQL_CLEAR_PASSWORD_NOT_ENABLED: 'refused',
  ER_ACCESS_DENIED_ERROR: 'refused',
  ER_ACCESS_DENIED_NO_PASSWORD_ERROR: 'refused',
  ER_ACCOUNT_HAS_BEEN_LOCKED: 'refused',
  ER_DBACCESS_DENIED_ERROR: 'refused',
  ER_HOST_NOT_PRIVILEGED: 'refused',
  ER_MUST_CHANGE_PASSWORD: 'refused',
  ER_MUST_CHANGE_PASSWORD_LOGIN: 'refused',
  ER_NOT_SUPPORTED_AUTH_MODE: 'refused',
  ER_PLUGIN_IS_NOT_LOADED: 'refused',
  ER_SECURE_TRANSPORT_REQUIRED: 'refused',
  ER_USER_ACCESS_DENIED_FOR_USER_ACCOUNT_BLOCKED_BY_PASSWORD_LOCK: 'refused',
  HANDSHAKE_NO_SSL_SUPPORT: 'refused',

  HANDSHAKE_SSL_ERROR: 'untrusted',

  ER_LOCK_WAIT_TIMEOUT: 'statement',
} as const satisfies Readonly<Record<string, Meaning>>;

export type ErrorCode = keyof typeof MEANINGS;

const isKnown = (code: string | undefined): code is ErrorCode => code !== undefined && Object.hasOwn(MEANINGS, code);

/** Returns the error code, or the number if the driver has no name for it; `undefined` if there is neither. */
export function codeOf(error: unknown): string | undefined {
  const { code, errno } = Object(error) as { readonly code?: string | number; readonly errno?: number };
  const name = code ?? errno;
  return name === undefined ? undefined : String(name);
}

const hasCode = (error: unknown, ...codes: readonly ErrorCode[]): boolean =>
  codes.some((code) => codeOf(error) === code);

/** Messages of Node.js for a connection that ended during the TLS handshake. */
const TLS_CUT = /\b(ECONNRESET|EPIPE|ETIMEDOUT)\b|socket disconnected before secure TLS connection was established/;

/**
 * The whole message of RDS Proxy for an internal error. Other errors with the code ER_UNKNOWN_ERROR have other messages.
 *
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.troubleshooting.html
 */
const UNKNOWN_ERROR = /^Unknown error\.?$/;

/** Returns the meaning of an error; `undefined` if the error is not listed, for example a syntax error. */
export function meaningOf(error: unknown): Meaning | undefined {
  const { message } = Object(error) as { readonly message?: unknown };
  // A command on a closed connection fails in mysql2 with an error that has no code.
  if (/in closed state/.test(String(message))) return 'lost';
  // If the connection ends during the TLS handshake, mysql2 uses the same code as for a bad certificate.
  if (hasCode(error, 'HANDSHAKE_SSL_ERROR') && TLS_CUT.test(String(message))) return 'lost';
  const code = codeOf(error);
  if (code === 'ER_UNKNOWN_ERROR' && UNKNOWN_ERROR.test(String(message))) return 'unavailable';
  return isKnown(code) ? MEANINGS[code] : undefined;
}

/** Returns whether the connection was lost. If so, a new one may succeed. */
export const isConnectionLost = (error: unknown): boolean => meaningOf(error) === 'lost';

/** Returns whether a later attempt may succeed: the connection is lost, or the database is unreachable or cannot do the work now. */
export const isUnavailable = (error: unknown): boolean => ['lost', 'unavailable'].includes(meaningOf(error) ?? '');

/** Returns whether the same login fails again: it is refused, or the TLS handshake fails. */
export const isRefused = (error: unknown): boolean => ['refused', 'untrusted'].includes(meaningOf(error) ?? '');

/** Returns whether the server refused the user with this password or token. */
export const isAccessDenied = (error: unknown): boolean => hasCode(error, 'ER_ACCESS_DENIED_ERROR');

/**
 * Returns whether the server offers no TLS, or the TLS handshake fails. In both cases the server has not yet checked user and password.
 */
export const isTlsFailure = (error: unknown): boolean =>
  meaningOf(error) === 'untrusted' || hasCode(error, 'HANDSHAKE_NO_SSL_SUPPORT');

/** Returns whether the user has reached its connection limit. */
export const isUserLimitReached = (error: unknown): boolean =>
  hasCode(error, 'ER_USER_LIMIT_REACHED', 'ER_TOO_MANY_USER_CONNECTIONS');

/** Returns whether a statement timed out, also if the timeout is the cause of another error. */
export function isTimeout(error: unknown): boolean {
  if (hasCode(error, 'PROTOCOL_SEQUENCE_TIMEOUT')) return true;
  return error instanceof Error && error.cause !== undefined && isTimeout(error.cause);
}

/** Returns whether KILL QUERY ended a statement. */
export const isInterrupted = (error: unknown): boolean => hasCode(error, 'ER_QUERY_INTERRUPTED');

/** Returns whether a statement waited too long for a lock of another connection. */
export const isLockWait = (error: unknown): boolean => hasCode(error, 'ER_LOCK_WAIT_TIMEOUT');
