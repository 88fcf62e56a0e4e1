/** The request cannot be answered as it is; the message tells the caller why. */
export class BadRequest extends Error {
  override readonly name = 'BadRequest';
}

/** The database, or what it takes to get there, does not answer at the moment. */
export class DatabaseAway extends Error {
  override readonly name = 'DatabaseAway';

  constructor(
    message: string,
    options?: ErrorOptions,
    /** What a person should check, where waiting does not help. */
    readonly checks: readonly string[] = [],
  ) {
    super(message, options);
  }
}

/** The database, or Secrets Manager, answers and says no: something is set wrongly. */
export class LoginRefused extends Error {
  override readonly name = 'LoginRefused';

  constructor(
    message: string,
    /** What a person should check. */
    readonly checks: readonly string[],
    options: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** What a person should check, where an error knows. */
export function checksOf(error: unknown): readonly string[] {
  return error instanceof DatabaseAway || error instanceof LoginRefused ? error.checks : [];
}

/** What happened, and what to do about it, in sentences for a person. */
export function explainFailure(error: unknown): string {
  const reasons: string[] = [];
  for (let at: unknown = error; at instanceof Error; at = at.cause) reasons.push(at.message);
  const checks = checksOf(error);
  const remedy = checks.length > 0 ? `What to look at: ${checks.join('; ')}.` : 'Correct it and apply again.';
  return `${reasons.join(': ')}. ${remedy}`;
}

interface Coded {
  readonly code?: unknown;
  readonly errno?: unknown;
  readonly message?: unknown;
}

const codedOf = (error: unknown): Coded => (typeof error === 'object' && error !== null ? error : {});

/** The connection is gone; what was sent over it may or may not have been done. */
const LOST = new Set([
  'ECONNRESET',
  'EPIPE',
  'ER_CLIENT_INTERACTION_TIMEOUT',
  'ER_NORMAL_SHUTDOWN',
  'ER_SERVER_SHUTDOWN',
  'PROTOCOL_CONNECTION_LOST',
  'PROTOCOL_ENQUEUE_AFTER_FATAL_ERROR',
]);

/** Words of Node.js for a connection that ended during the TLS handshake. */
const TLS_CUT = /\b(ECONNRESET|EPIPE|ETIMEDOUT)\b|socket disconnected before secure TLS connection was established/;

/**
 * Whether the connection ended during the TLS handshake: mysql2 gives that the code of a bad certificate, and leaves the
 * message as it was.
 */
function isTlsCut(error: unknown): boolean {
  const { code, message } = codedOf(error);
  return code === 'HANDSHAKE_SSL_ERROR' && TLS_CUT.test(String(message));
}

/** Whether a new connection may succeed where this one failed. */
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
  // The server asks for another kind of proof: a token where a password is offered.
  'AUTH_SWITCH_PLUGIN_ERROR',
  'MYSQL_CLEAR_PASSWORD_NOT_ENABLED',
  'ER_ACCESS_DENIED_ERROR',
  'ER_ACCESS_DENIED_NO_PASSWORD_ERROR',
  'ER_DBACCESS_DENIED_ERROR',
  'ER_HOST_NOT_PRIVILEGED',
  'ER_SECURE_TRANSPORT_REQUIRED',
  'ER_ACCOUNT_HAS_BEEN_LOCKED',
  'ER_MUST_CHANGE_PASSWORD_LOGIN',
  'ER_NOT_SUPPORTED_AUTH_MODE',
  'ER_PLUGIN_IS_NOT_LOADED',
  'HANDSHAKE_NO_SSL_SUPPORT',
  'HANDSHAKE_SSL_ERROR',
]);

/** Whether the server knows who asks and says no. */
export function isRefused(error: unknown): boolean {
  return REFUSED.has(String(codedOf(error).code)) && !isTlsCut(error);
}

/** Whether the server refused user and password, or token. */
export function isAccessDenied(error: unknown): boolean {
  return codedOf(error).code === 'ER_ACCESS_DENIED_ERROR';
}

/** Whether TLS did not come about, so that user and password were never looked at. */
export function isTlsFailure(error: unknown): boolean {
  return String(codedOf(error).code).startsWith('HANDSHAKE_') && !isTlsCut(error);
}

/** Whether the user holds as many connections as it may. */
export function isUserLimitReached(error: unknown): boolean {
  return codedOf(error).code === 'ER_USER_LIMIT_REACHED' || codedOf(error).code === 'ER_TOO_MANY_USER_CONNECTIONS';
}

/** Whether a statement got no answer in time. */
export function isTimeout(error: unknown): boolean {
  return codedOf(error).code === 'PROTOCOL_SEQUENCE_TIMEOUT';
}

/** Whether waiting may help. */
export function isAway(error: unknown): boolean {
  const { code, errno } = codedOf(error);
  return AWAY.has(String(code)) || errno === BORROW_TIMEOUT || isConnectionLost(error);
}
