import { AwsError } from './aws-error';
import type { AppliedFunction } from './applied-function';

/** So many executions at a time share the functions that have none reserved. A new account has no more. */
const UNRESERVED_LIMIT = 10;

/** Counts what runs, and refuses what would be too much. https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html */
export class Concurrency {
  private readonly executions = new Map<string, number>();

  /** @param unreservedLimit executions at a time of all functions that have none reserved. @default 10 */
  constructor(private readonly unreservedLimit = UNRESERVED_LIMIT) {}

  /**
   * Lets one execution in.
   *
   * @returns what to call when it is over
   * @throws AwsError TooManyRequestsException where the limit is reached.
   */
  enter({ arn, reserved_concurrent_executions: reserved }: AppliedFunction): () => void {
    const [account, limit] = reserved < 0 ? ['unreserved', this.unreservedLimit] : [arn, reserved];
    const count = this.executions.get(account) ?? 0;
    if (count >= limit) {
      const Reason = `${reserved < 0 ? '' : 'ReservedFunction'}ConcurrentInvocationLimitExceeded`;
      throw new AwsError(429, 'TooManyRequestsException', 'Rate Exceeded.', { Reason });
    }
    this.executions.set(account, count + 1);
    return () => void this.executions.set(account, (this.executions.get(account) ?? 1) - 1);
  }
}
