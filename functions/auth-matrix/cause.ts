import type { ExpectedLogin } from '../../contract/logins';
import type { ErrorCode } from '../shared/database/error-codes';
import type { Observation } from './observation';

/** Error codes that alone identify the cause of a refusal. Other codes, such as `ER_ACCESS_DENIED_ERROR`, have several causes. */
const SPECIFIC_CODES: ReadonlySet<string> = new Set<ErrorCode>([
  'ER_SECURE_TRANSPORT_REQUIRED',
  'ER_HOST_NOT_PRIVILEGED',
  'ER_ACCOUNT_HAS_BEEN_LOCKED',
  'ER_USER_ACCESS_DENIED_FOR_USER_ACCOUNT_BLOCKED_BY_PASSWORD_LOCK',
  'HANDSHAKE_NO_SSL_SUPPORT',
]);

const DENIED_CODES: ReadonlySet<string> = new Set<ErrorCode>([
  'ER_ACCESS_DENIED_ERROR',
  'ER_ACCESS_DENIED_NO_PASSWORD_ERROR',
]);

/** Reasons by kind of login. “The endpoint” is the instance or the proxy. */
const DENIED_BECAUSE: Readonly<Record<ExpectedLogin['login'], string>> = {
  password: 'the endpoint does not accept the password: the user, its password, or the secret is not as deployed',
  iam: 'the endpoint does not accept the token: the user, its plugin, or the permission rds-db:connect is not as deployed',
};

/**
 * Returns the cause of a failed login; `null` if the login connected. If the error code alone identifies the cause, returns
 * the reason of the code. Otherwise, if the deployment's settings predict the failure, returns the predicted reason.
 */
export function causeOf(
  { login, target, expected, because }: ExpectedLogin,
  { observed, code, reason }: Observation,
): string | null {
  if (observed === 'o') return null;
  if (observed === expected && !SPECIFIC_CODES.has(code ?? '')) return because;
  const failure = DENIED_CODES.has(code ?? '') ? DENIED_BECAUSE[login] : (reason ?? 'the endpoint refuses the login');
  return failure.replace(/^the endpoint\b/, target === 'instance' ? 'the instance' : 'the proxy');
}
