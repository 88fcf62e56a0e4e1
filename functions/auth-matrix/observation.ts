import type { Outcome } from '../../contract/logins';
import { isAway, isConnectionLost } from '../shared/database/errors';

/** What came of a login. */
export interface Observation {
  readonly observed: Outcome;
  /** From the first packet to the answer to a first statement. `null` where the login did not get that far. */
  readonly milliseconds: number | null;
  /** The server's or the driver's code. */
  readonly code: string | null;
  readonly reason: string | null;
}

/** Nothing there that could be asked, in plain words. */
const UNUSABLE: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'the name of the endpoint is not found',
  ETIMEDOUT: 'it does not answer in time',
  PROTOCOL_SEQUENCE_TIMEOUT: 'it does not answer in time',
  ER_CON_COUNT_ERROR: 'it has no free connection',
  ER_TOO_MANY_USER_CONNECTIONS: 'the user has no free connection',
  ER_USER_LIMIT_REACHED: 'the user has no free connection',
  HANDSHAKE_SSL_ERROR: 'TLS failed: its certificate is not signed for its name by a trusted authority',
};

/** A login that is refused, in plain words. */
const REFUSED: Readonly<Record<string, string>> = {
  ER_ACCESS_DENIED_ERROR: 'it does not accept the password or token',
  ER_ACCESS_DENIED_NO_PASSWORD_ERROR: 'it does not accept the password or token',
  ER_SECURE_TRANSPORT_REQUIRED: 'it refuses connections without TLS',
  ER_HOST_NOT_PRIVILEGED: 'it lets no user in from this address',
  ER_ACCOUNT_HAS_BEEN_LOCKED: 'the user is locked',
  ER_PLUGIN_IS_NOT_LOADED: 'it knows no logins by IAM',
  HANDSHAKE_NO_SSL_SUPPORT: 'it offers no TLS',
  MYSQL_CLEAR_PASSWORD_NOT_ENABLED: 'it asks for a token; a password is not sent that way without TLS',
  ERR_OSSL_RSA_DATA_TOO_LARGE_FOR_KEY_SIZE: 'it asks for a password; a token is too long for that way without TLS',
  AUTH_SWITCH_PLUGIN_ERROR: 'it asks for another kind of login',
};

/**
 * Tells a refusal from a place where nothing can be used. What is not known to be the latter is a refusal.
 *
 * SECURITY: the server's own words stay out, since they name addresses.
 */
export function explain(error: unknown): Pick<Observation, 'observed' | 'code' | 'reason'> {
  const code = codeOf(error);
  if (isConnectionLost(error)) return { observed: '–', code, reason: 'it closed the connection without an error' };
  if (isAway(error) || code in UNUSABLE) {
    return { observed: '–', code, reason: UNUSABLE[code] ?? 'it does not answer as a database does' };
  }
  return { observed: 'x', code, reason: REFUSED[code] ?? 'it refuses the login' };
}

/** RDS Proxy has numbers of its own, for which the driver knows no name. */
function codeOf(error: unknown): string {
  const { code, errno } = (error ?? {}) as { code?: string; errno?: number };
  return code ?? String(errno ?? 'UNKNOWN');
}
