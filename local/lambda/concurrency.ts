import { AwsError } from './aws-error';
import type { AppliedFunction } from './applied-function';

/** Concurrency limit of a new account. All functions without reserved concurrency share it. Unlike on AWS, reservations do not reduce it. */
const UNRESERVED_LIMIT = 10;

/**
 * Counts concurrent executions and throttles those above the limit.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html
 */
export class Concurrency {
  private readonly executions = new Map<string, number>();

  /** Starts an execution. @returns a function that ends it. @throws AwsError TooManyRequestsException above the limit */
  enter({ arn, reserved_concurrent_executions: reserved }: AppliedFunction): () => void {
    const [key, limit] = reserved < 0 ? ['unreserved', UNRESERVED_LIMIT] : [arn, reserved];
    const count = this.executions.get(key) ?? 0;
    if (count >= limit) {
      const Reason = `${reserved < 0 ? '' : 'ReservedFunction'}ConcurrentInvocationLimitExceeded`;
      throw new AwsError(429, 'TooManyRequestsException', 'Rate Exceeded.', { Reason });
    }
    this.executions.set(key, count + 1);
    return () => void this.executions.set(key, (this.executions.get(key) ?? 1) - 1);
  }
}
