import { itAccepts, itRejects, problemsWith } from '../../../support/settings';

it.each([0, 5])(
  'a borrow timeout of %i s is rejected: it must be at least 1 s, and shorter than the timeout of a statement',
  (borrowTimeoutSeconds) => {
    expect(problemsWith({ proxies: { borrowTimeoutSeconds } })).toEqual([
      `proxies.borrowTimeoutSeconds must be a whole number from 1 to 4, got ${borrowTimeoutSeconds}: The functions cancel a statement after 5 s, including the wait for a connection.`,
    ]);
  },
);

itRejects('proxies are rejected for %s', [
  [
    'an upstream that is neither secret nor iam',
    { proxies: { iam: { upstream: 'IAM' } } },
    'proxies.iam.upstream must be secret or iam, got "IAM": Did you mean iam? Write a listed value exactly as shown.',
  ],
  [
    'a share of more than all connections of the instance',
    { proxies: { password: { maxConnectionsPercent: 101 } } },
    'proxies.password.maxConnectionsPercent must be a whole number from 1 to 100, got 101: The value is a percentage of the instance’s connections.',
  ],
]);

itAccepts('settings for proxies are accepted: %j', [
  { proxies: { iam: { upstream: 'secret' } } },
  { proxies: { iam: { upstream: 'iam' } } },
  { proxies: { borrowTimeoutSeconds: 1 } },
  { proxies: { borrowTimeoutSeconds: 4 } },
]);
