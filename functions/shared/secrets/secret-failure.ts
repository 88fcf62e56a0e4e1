import { isUnavailable } from '../database/error-codes';
import { DatabaseUnavailable, LoginRefused } from '../database/errors';

/** One request to Secrets Manager. */
interface SecretRequest {
  /** IAM action without the prefix `secretsmanager:`. */
  readonly action: string;
  /** ARN or name. @default - the request concerns no particular secret */
  readonly secret: string | undefined;
}

const REFUSALS: Readonly<Record<string, (request: SecretRequest) => string>> = {
  AccessDeniedException: ({ action, secret = '*' }) =>
    `IAM does not allow the role of this function to use the secret ${secret}: the role needs secretsmanager:${action} on it, and the policy of the VPC endpoint must allow the same`,
  ResourceNotFoundException: ({ secret = '' }) =>
    `the secret ${secret} does not exist or has no value yet: deploy again`,
};

const DELETED = /marked (for deletion|deleted)/;

const UNREACHABLE =
  'Secrets Manager is unreachable: in the VPC, an endpoint of Secrets Manager with private DNS must exist, ' +
  "the function's security group must allow TCP 443 to the endpoint, " +
  "and the endpoint's security group must allow TCP 443 from the function";

/**
 * Wraps an error of a request to Secrets Manager, and adds the remedy.
 *
 * @returns DatabaseUnavailable if Secrets Manager is busy, faulty or does not answer, LoginRefused if it refuses; any other error
 *   unchanged.
 */
export function secretFailure(error: unknown, request: SecretRequest): unknown {
  const { name = '', message = '' } = error instanceof Error ? error : {};
  const refusal = DELETED.test(message)
    ? `the secret ${request.secret ?? ''} is scheduled for deletion: restore it with aws secretsmanager restore-secret`
    : REFUSALS[name]?.(request);
  if (refusal !== undefined) {
    return new LoginRefused(`Secrets Manager refused ${request.action}`, [refusal], { cause: error });
  }
  if (isBusy(error)) return new DatabaseUnavailable('Secrets Manager reported a temporary error', [], { cause: error });
  // AbortError: the time limit of the whole invocation has passed.
  if (isUnavailable(error) || ['TimeoutError', 'AbortError'].includes(name)) {
    return new DatabaseUnavailable('Secrets Manager does not answer', [UNREACHABLE], { cause: error });
  }
  return error;
}

/** Returns whether Secrets Manager is reachable but busy or faulty: then only waiting helps. */
function isBusy(error: unknown): boolean {
  // The SDK's `$fault` says which side caused the error: `client` or `server`.
  const { name, $fault } = (error ?? {}) as { name?: unknown; $fault?: unknown };
  return name === 'ThrottlingException' || $fault === 'server';
}
