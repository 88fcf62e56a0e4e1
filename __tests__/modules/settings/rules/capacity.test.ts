import { problemsOf, smallest } from '../../../support/settings';

describe('an environment is rejected for', () => {
  it.each<[why: string, change: object, problems: string[]]>([
    [
      'a burst beyond the account’s concurrency',
      { api: { throttle: { burst: 40 } } },
      [
        'api.throttle.burst must be at most functions.accountConcurrency 10, got 40: Lambda throttles calls above it, and callers get 503. Lower the burst, or raise the account’s quota and set functions.accountConcurrency to it.',
      ],
    ],
    [
      'more reserved concurrency than Lambda allows',
      { functions: { accountConcurrency: 110, func1: { reservedConcurrency: 5 }, users: { reservedConcurrency: 6 } } },
      [
        'functions.accountConcurrency must be at least 111, got 110: The functions reserve 11 together, and Lambda keeps 100 unreserved. Raise the account’s quota and set functions.accountConcurrency to it, or remove reservedConcurrency.',
      ],
    ],
    [
      'a name that makes role names longer than AWS allows',
      { name: 'e'.repeat(40) },
      [
        `name must be at most 36 characters long, got "${'e'.repeat(40)}": The IAM role login-matrix-${'e'.repeat(40)}-password-proxy would be longer than the 64 characters AWS allows. Shorten it.`,
      ],
    ],
  ])('%s', (_why, change, problems) => {
    expect(problemsOf({ ...smallest, ...change })).toEqual(problems);
  });
});

describe('reserved concurrency', () => {
  it('may leave exactly the executions that Lambda keeps', () => {
    const functions = { accountConcurrency: 110, func1: { reservedConcurrency: 10 } };
    expect(problemsOf({ ...smallest, functions })).toEqual([]);
  });
});
