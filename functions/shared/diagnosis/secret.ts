import { DatabaseAway, isAway, LoginRefused } from '../errors';

/** What was asked of Secrets Manager. */
interface Question {
  /** As a policy names it, without its service. */
  readonly action: string;
  /** ARN or name. @default - what was asked for is of no one secret */
  readonly secret: string | undefined;
}

const REFUSALS: Readonly<Record<string, (question: Question) => string>> = {
  AccessDeniedException: ({ action, secret = '*' }) =>
    `IAM does not let the role of this function use the secret ${secret}: it needs secretsmanager:${action} on it, and the policy of the VPC endpoint must allow the same`,
  ResourceNotFoundException: ({ secret = '' }) =>
    `the secret ${secret} does not exist or has no value yet: deploy again`,
};

const DELETED = /marked (for deletion|deleted)/;

const OUT_OF_REACH =
  "Secrets Manager is out of reach: in the VPC the function's security group must let port 443 out to that of the VPC endpoint, " +
  'that one must let it in, and the endpoint must be there, with private DNS';

/**
 * Says of a failure that it is Secrets Manager's, and what to do about it.
 *
 * @returns DatabaseAway where waiting may help, LoginRefused where Secrets Manager says no; any other error as it is.
 */
export function secretFailure(error: unknown, question: Question): unknown {
  const { name = '', message = '' } = error instanceof Error ? error : {};
  const refusal = DELETED.test(message)
    ? `the secret ${question.secret ?? ''} is about to be deleted: aws secretsmanager restore-secret keeps it`
    : REFUSALS[name]?.(question);
  if (refusal !== undefined) {
    return new LoginRefused(`Secrets Manager refused ${question.action}`, [refusal], { cause: error });
  }
  if (isBusy(error)) return new DatabaseAway('Secrets Manager does not answer', { cause: error });
  if (isAway(error) || name === 'TimeoutError') {
    return new DatabaseAway('Secrets Manager does not answer', { cause: error }, [OUT_OF_REACH]);
  }
  return error;
}

/** Whether it was reached, and had no answer to give: then there is nothing to do but to wait. */
function isBusy(error: unknown): boolean {
  // `$fault` is the SDK's word for whose fault an answer is.
  const { name, $fault } = (error ?? {}) as { name?: unknown; $fault?: unknown };
  return name === 'ThrottlingException' || $fault === 'server';
}
