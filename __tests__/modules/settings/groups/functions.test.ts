import { problemsOf, requiredSettings } from '../../../support/settings';

const problemsWith = (functions: object): string[] => problemsOf({ ...requiredSettings, functions });

describe('the time limit of a call', () => {
  it.each([8, 30])('is rejected if it leaves no time to answer with an error: %i s', (timeoutSeconds) => {
    expect(problemsWith({ timeoutSeconds })).toEqual([
      `functions.timeoutSeconds must be a whole number from 9 to 29, got ${timeoutSeconds}: A function waits up to 3 s for the database and 5 s for a statement. API Gateway times out after 29 s.`,
    ]);
  });

  it.each([9, 29])('is accepted: %i s', (timeoutSeconds) => {
    expect(problemsWith({ timeoutSeconds })).toEqual([]);
  });
});

describe('the memory of a function', () => {
  it.each([64, 127, 10_241])('is rejected: %i MiB', (memoryMib) => {
    expect(problemsWith({ items: { memoryMib } })).toEqual([
      `functions.items.memoryMib must be a whole number from 128 to 10240, got ${memoryMib}: Lambda supports no other size. CPU grows with memory.`,
    ]);
  });

  it.each([128, 10_240])('is accepted: %i MiB', (memoryMib) => {
    expect(problemsWith({ items: { memoryMib } })).toEqual([]);
  });
});

it('the concurrency quota of an account must be at least 10, the quota of a new account', () => {
  expect(problemsWith({ accountConcurrency: 9 })).toEqual([
    'functions.accountConcurrency must be a whole number from 10 to 1000000, got 9: No account has a lower quota. Look it up under Service Quotas, Lambda, Concurrent executions.',
  ]);
});
