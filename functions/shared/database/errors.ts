/** The request is invalid. The caller gets the message. */
export class BadRequest extends Error {
  override readonly name = 'BadRequest';
}

/** The database, or a service needed to reach it, does not answer at the moment. */
export class DatabaseAway extends Error {
  override readonly name = 'DatabaseAway';

  constructor(
    message: string,
    options?: ErrorOptions,
    /** What to check if waiting does not help. */
    readonly checks: readonly string[] = [],
  ) {
    super(message, options);
  }
}

/** The database or Secrets Manager refuses the login: the deployment is misconfigured. */
export class LoginRefused extends Error {
  override readonly name = 'LoginRefused';

  constructor(
    message: string,
    /** What to check. */
    readonly checks: readonly string[],
    options: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Returns what to check, or nothing if the error does not say. */
export function checksOf(error: unknown): readonly string[] {
  return error instanceof DatabaseAway || error instanceof LoginRefused ? error.checks : [];
}

/** Describes an error and its remedy in sentences. */
export function explainFailure(error: unknown): string {
  const reasons: string[] = [];
  for (let at: unknown = error; at instanceof Error; at = at.cause) reasons.push(at.message);
  const checks = checksOf(error);
  const remedy = checks.length > 0 ? `Check: ${checks.join('; ')}.` : 'Fix it and apply again.';
  return `${reasons.join(': ')}. ${remedy}`;
}

interface Coded {
  readonly code?: unknown;
  readonly errno?: unknown;
  readonly message?: unknown;
}

const codedOf = (error: unknown): Coded => (typeof error === 'object' && error !== null ? error : {});

/** Codes of a lost connection. The server may or may not have run the last statement. */
const LOST = new Set([
  'ECONNRESET',
  'EPIPE',
  'ER_CLIENT_INTERACTION_TIMEOUT',
  'ER_NORMAL_SHUTDOWN',
  'ER_SERVER_SHUTDOWN',
  'PROTOCOL_CONNECTION_LOST',
  'PROTOCOL_ENQUEUE_AFTER_FATAL_ERROR',
]);

/** Messages of Node.js for a connection that ended during the TLS handshake. */
const TLS_CUT = /\b(ECONNRESET|EPIPE|ETIMEDOUT)\b|socket disconnected before secure TLS connection was established/;

/**
 * Returns whether the connection ended during the TLS handshake. mysql2 reports that with the code of a bad certificate
 * and the original message.
 */
function isTlsCut(error: unknown): boolean {
  const { code, message } = codedOf(error);
  return code === 'HANDSHAKE_SSL_ERROR' && TLS_CUT.test(String(message));
}

/** Returns whether the connection was lost, so that a new one may succeed. */
export function isConnectionLost(error: unknown): boolean {
  const { code, message } = codedOf(error);
  // mysql2 gives no code to a command on a connection that it has already closed.
  return LOST.has(String(code)) || isTlsCut(error) || /in closed state/.test(String(message));
}

const AWAY = new Set([
  ...LOST,
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'ER_CON_COUNT_ERROR',
  'ER_TOO_MANY_USER_CONNECTIONS',
  'ER_USER_LIMIT_REACHED',
  'ER_OPTION_PREVENTS_STATEMENT',
  'ETIMEDOUT',
  'PROTOCOL_SEQUENCE_TIMEOUT',
]);

/** RDS Proxy: "Timed-out waiting to acquire database connection". */
const BORROW_TIMEOUT = 9501;

const REFUSED = new Set([
  // The server asks for a token and the client offers a password, or the reverse.
  'AUTH_SWITCH_PLUGIN_ERROR',
  'MYSQL_CLEAR_PASSWORD_NOT_ENABLED',
  'ER_ACCESS_DENIED_ERROR',
  'ER_ACCESS_DENIED_NO_PASSWORD_ERROR',
  'ER_DBACCESS_DENIED_ERROR',
  'ER_HOST_NOT_PRIVILEGED',
  'ER_SECURE_TRANSPORT_REQUIRED',
  'ER_ACCOUNT_HAS_BEEN_LOCKED',
  'ER_MUST_CHANGE_PASSWORD',
  'ER_MUST_CHANGE_PASSWORD_LOGIN',
  'ER_NOT_SUPPORTED_AUTH_MODE',
  'ER_PLUGIN_IS_NOT_LOADED',
  'HANDSHAKE_NO_SSL_SUPPORT',
  'HANDSHAKE_SSL_ERROR',
]);

/** Returns whether a reachable server refused the login. */
export function isRefused(error: unknown): boolean {
  return REFUSED.has(String(codedOf(error).code)) && !isTlsCut(error);
}

/** Returns whether the server refused the user with this password or token. */
export function isAccessDenied(error: unknown): boolean {
  return codedOf(error).code === 'ER_ACCESS_DENIED_ERROR';
}

/** Returns whether the TLS handshake failed. The server has not checked user and password then. */
export function isTlsFailure(error: unknown): boolean {
  return String(codedOf(error).code).startsWith('HANDSHAKE_') && !isTlsCut(error);
}

/** Returns whether the user has reached its connection limit. */
export function isUserLimitReached(error: unknown): boolean {
  return codedOf(error).code === 'ER_USER_LIMIT_REACHED' || codedOf(error).code === 'ER_TOO_MANY_USER_CONNECTIONS';
}

/** Returns whether a statement timed out, also if that is the cause of another error. */
export function isTimeout(error: unknown): boolean {
  if (codedOf(error).code === 'PROTOCOL_SEQUENCE_TIMEOUT') return true;
  return error instanceof Error && error.cause !== undefined && isTimeout(error.cause);
}

/** Whether a statement waited too long for a transaction of another connection. */
export function isLockWait(error: unknown): boolean {
  return codedOf(error).code === 'ER_LOCK_WAIT_TIMEOUT';
}

/** Returns whether the database is unreachable or overloaded, so that a later attempt may succeed. */
export function isAway(error: unknown): boolean {
  const { code, errno } = codedOf(error);
  return AWAY.has(String(code)) || errno === BORROW_TIMEOUT || isConnectionLost(error);
}
