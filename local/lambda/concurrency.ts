import { AwsError } from './aws-error';
import type { AppliedFunction } from './applied-function';

/**
 * Counts concurrent executions and throttles those above the limit.
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html
 */
export class Concurrency {
  private readonly executions = new Map<string, number>();

  /** @param unreservedLimit shared by all functions without reserved concurrency. @default 10, the limit of a new account */
  constructor(private readonly unreservedLimit = 10) {}

  /** Starts an execution. @returns a function that ends it. @throws AwsError TooManyRequestsException above the limit */
  enter({ arn, reserved_concurrent_executions: reserved }: AppliedFunction): () => void {
    const [counter, limit] = reserved < 0 ? ['unreserved', this.unreservedLimit] : [arn, reserved];
    const count = this.executions.get(counter) ?? 0;
    if (count >= limit) {
      const Reason = `${reserved < 0 ? '' : 'ReservedFunction'}ConcurrentInvocationLimitExceeded`;
      throw new AwsError(429, 'TooManyRequestsException', 'Rate Exceeded.', { Reason });
    }
    this.executions.set(counter, count + 1);
    return () => void this.executions.set(counter, (this.executions.get(counter) ?? 1) - 1);
  }
}
