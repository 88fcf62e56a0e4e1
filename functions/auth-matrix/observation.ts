import type { Outcome } from '../../contract/logins';
import { codeOf, meaningOf, type ErrorCode } from '../shared/database/error-codes';

/** The measured outcome of a login. */
export interface Observation {
  readonly observed: Outcome;
  /** Milliseconds from the first packet to the answer of the first statement. `null` if the login failed. */
  readonly milliseconds: number | null;
  /** Error code of the server, the driver or Node.js; `UNKNOWN` for an error without a code. `null` if the login connected. */
  readonly code: string | null;
  readonly reason: string | null;
}

/** Reasons by error code. `causeOf` replaces “the endpoint” at the beginning of a reason with “the instance” or “the proxy”. */
const REASONS: Readonly<Partial<Record<ErrorCode, string>>> = {
  ECONNREFUSED: 'the endpoint accepts no connections: nothing listens on its port',
  ENOTFOUND: 'the endpoint’s name is not found',
  ETIMEDOUT: 'the endpoint does not answer in time',
  PROTOCOL_SEQUENCE_TIMEOUT: 'the endpoint does not answer in time',
  ER_CON_COUNT_ERROR: 'the endpoint has no free connection',
  ER_HOST_IS_BLOCKED: "the endpoint blocks the client's address after too many interrupted logins",
  ER_TOO_MANY_USER_CONNECTIONS: 'the user has no free connection',
  ER_USER_LIMIT_REACHED: 'the user has no free connection',
  HANDSHAKE_SSL_ERROR: 'the endpoint does not complete the TLS handshake',
  ER_ACCESS_DENIED_ERROR: 'the endpoint does not accept the password or token',
  ER_ACCESS_DENIED_NO_PASSWORD_ERROR: 'the endpoint does not accept the password or token',
  ER_SECURE_TRANSPORT_REQUIRED: 'the endpoint refuses connections without TLS',
  ER_HOST_NOT_PRIVILEGED: "the endpoint allows no user from the client's address",
  ER_ACCOUNT_HAS_BEEN_LOCKED: 'the user is locked',
  ER_USER_ACCESS_DENIED_FOR_USER_ACCOUNT_BLOCKED_BY_PASSWORD_LOCK: 'the user is blocked after failed logins',
  ER_PLUGIN_IS_NOT_LOADED: 'the endpoint does not support logins by IAM',
  HANDSHAKE_NO_SSL_SUPPORT: 'the endpoint offers no TLS',
  MYSQL_CLEAR_PASSWORD_NOT_ENABLED:
    'the endpoint requests the password in clear text, which the probe sends only over TLS',
  ERR_OSSL_RSA_DATA_TOO_LARGE_FOR_KEY_SIZE:
    'the endpoint requests an RSA-encrypted password; a token is too long for RSA encryption',
  AUTH_SWITCH_PLUGIN_ERROR: 'the endpoint requests another authentication method',
};

const BAD_CERTIFICATE =
  'the endpoint’s TLS certificate is expired, for another name, or not signed by a trusted authority';

/**
 * mysql2 uses one code for every failed handshake. Only the message shows whether the endpoint's certificate is the cause. An “alert” is
 * a message of the endpoint about the client.
 */
function isBadCertificate(error: unknown): boolean {
  if (meaningOf(error) !== 'untrusted' || !(error instanceof Error)) return false;
  return /certificate/i.test(error.message) && !/\balert\b/.test(error.message);
}

/**
 * Returns the outcome `x` for a refused login, and `–` for an unusable endpoint. An unknown error counts as a refusal.
 *
 * SECURITY: omits the server's own message, because it contains addresses.
 */
export function observeFailure(error: unknown): Pick<Observation, 'observed' | 'code' | 'reason'> {
  const code = codeOf(error) ?? 'UNKNOWN';
  const knownReason = isBadCertificate(error) ? BAD_CERTIFICATE : (REASONS as Readonly<Record<string, string>>)[code];
  switch (meaningOf(error)) {
    case 'lost':
      return { observed: '–', code, reason: 'the endpoint closed the connection' };
    case 'unavailable':
    case 'untrusted':
      return { observed: '–', code, reason: knownReason ?? 'the endpoint is not available' };
    default:
      return { observed: 'x', code, reason: knownReason ?? 'the endpoint refuses the login' };
  }
}
