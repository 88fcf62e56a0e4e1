import { itAccepts, problemsWith } from '../../../support/settings';

it.each([8, 30])(
  'a timeout too short for a function to report an error, or longer than API Gateway’s timeout, is rejected: %i s',
  (timeoutSeconds) => {
    expect(problemsWith({ functions: { timeoutSeconds } })).toEqual([
      `functions.timeoutSeconds must be a whole number from 9 to 29, got ${timeoutSeconds}: A function waits up to 3 s for the database and 5 s for a statement. API Gateway times out after 29 s.`,
    ]);
  },
);

it.each([127, 10_241])('a memory size that Lambda does not support is rejected: %i MiB', (memoryMib) => {
  expect(problemsWith({ functions: { items: { memoryMib } } })).toEqual([
    `functions.items.memoryMib must be a whole number from 128 to 10240, got ${memoryMib}: Lambda supports no other size. CPU grows with memory.`,
  ]);
});

it('the concurrency quota of an account must be at least 10, the quota of a new account', () => {
  expect(problemsWith({ functions: { accountConcurrency: 9 } })).toEqual([
    'functions.accountConcurrency must be a whole number from 10 to 1000000, got 9: No account has a lower quota. Look up the account’s quota under Service Quotas, Lambda, Concurrent executions.',
  ]);
});

itAccepts('a timeout or memory size at its limit is accepted: %j', [
  { functions: { timeoutSeconds: 9 } },
  { functions: { timeoutSeconds: 29 } },
  { functions: { items: { memoryMib: 128 } } },
  { functions: { items: { memoryMib: 10_240 } } },
]);
