import type { AppliedFunction } from '../../lambda/applied-function';
import { Concurrency } from '../../lambda/concurrency';
import { lambdaFunction } from '../support/functions';

const functionNamed = (name: string, reserved_concurrent_executions = -1) =>
  lambdaFunction(name, 'hash', { reserved_concurrent_executions }) as AppliedFunction;

const throttled = (Reason: string): Error =>
  expect.objectContaining({ status: 429, name: 'TooManyRequestsException', details: { Reason } });

describe('the concurrency of functions', () => {
  const withTenExecutions = (): Concurrency => {
    const concurrency = new Concurrency();
    for (let execution = 0; execution < 10; execution += 1)
      concurrency.enter(functionNamed(`function-${execution % 2}`));
    return concurrency;
  };

  it('is at most 10 in total for functions without a reservation', () => {
    expect(() => withTenExecutions().enter(functionNamed('function-2'))).toThrow(
      throttled('ConcurrentInvocationLimitExceeded'),
    );
  });

  it('reaches 2 but not 3 for a function that reserves 2, even if other functions use all 10', () => {
    const concurrency = withTenExecutions();
    concurrency.enter(functionNamed('reserved', 2));
    concurrency.enter(functionNamed('reserved', 2));
    expect(() => concurrency.enter(functionNamed('reserved', 2))).toThrow(
      throttled('ReservedFunctionConcurrentInvocationLimitExceeded'),
    );
  });

  it('decreases when an execution ends', () => {
    const concurrency = new Concurrency();
    const endExecution = concurrency.enter(functionNamed('function', 1));
    endExecution();
    expect(() => concurrency.enter(functionNamed('function', 1))).not.toThrow();
    expect(() => concurrency.enter(functionNamed('function', 1))).toThrow('Rate Exceeded.');
  });

  it('is always 0 for a function that reserves 0', () => {
    expect(() => new Concurrency().enter(functionNamed('function', 0))).toThrow('Rate Exceeded.');
  });
});
