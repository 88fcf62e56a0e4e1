import type { AppliedFunction } from '../../lambda/applied-function';
import { Concurrency } from '../../lambda/concurrency';
import { lambdaFunction } from '../support/functions';

const named = (name: string, reserved_concurrent_executions = -1) =>
  lambdaFunction(name, 'hash', { reserved_concurrent_executions }) as AppliedFunction;

const throttled = (Reason: string): Error =>
  expect.objectContaining({ status: 429, name: 'TooManyRequestsException', details: { Reason } });

describe('the concurrency of functions', () => {
  it('is 10 for all functions without reserved concurrency together', () => {
    const concurrency = new Concurrency();
    for (let execution = 0; execution < 10; execution += 1) concurrency.enter(named(`function-${execution % 2}`));
    expect(() => concurrency.enter(named('function-2'))).toThrow(throttled('ConcurrentInvocationLimitExceeded'));
  });

  it('is a function’s own if it is reserved', () => {
    const concurrency = new Concurrency(1);
    concurrency.enter(named('function'));
    concurrency.enter(named('reserved', 2));
    concurrency.enter(named('reserved', 2));
    expect(() => concurrency.enter(named('reserved', 2))).toThrow(
      throttled('ReservedFunctionConcurrentInvocationLimitExceeded'),
    );
  });

  it('is free again when an execution ends', () => {
    const concurrency = new Concurrency(1);
    const end = concurrency.enter(named('function'));
    end();
    expect(() => concurrency.enter(named('function'))).not.toThrow();
    expect(() => concurrency.enter(named('function'))).toThrow('Rate Exceeded.');
  });

  it('of 0 throttles every execution', () => {
    expect(() => new Concurrency().enter(named('function', 0))).toThrow('Rate Exceeded.');
  });
});
