import { problemsOf, requiredSettings } from '../../../support/settings';

const problemsWith = (proxies: object): string[] => problemsOf({ ...requiredSettings, proxies });

describe('proxies.iam.upstream', () => {
  it('is rejected if its value is not in the list', () => {
    expect(problemsWith({ iam: { upstream: 'IAM' } })).toEqual([
      'proxies.iam.upstream must be one of secret, iam, got "IAM": Did you mean iam? Write one of them exactly as shown.',
    ]);
  });

  it.each([undefined, 'secret', 'iam'])('is accepted: %s', (upstream) => {
    expect(problemsWith({ iam: { upstream } })).toEqual([]);
  });
});

describe('the borrow timeout of the proxies', () => {
  it.each([0, 5])(
    'is rejected if it is below 1 s, or so long that a function gives up first: %i s',
    (borrowTimeoutSeconds) => {
      expect(problemsWith({ borrowTimeoutSeconds })).toEqual([
        `proxies.borrowTimeoutSeconds must be a whole number from 1 to 4, got ${borrowTimeoutSeconds}: The functions cancel a statement after 5 s, including the wait for a connection.`,
      ]);
    },
  );

  it.each([1, 4])('is accepted: %i s', (borrowTimeoutSeconds) => {
    expect(problemsWith({ borrowTimeoutSeconds })).toEqual([]);
  });
});

it('a proxy may hold at most all connections of the instance', () => {
  expect(problemsWith({ password: { maxConnectionsPercent: 101 } })).toEqual([
    'proxies.password.maxConnectionsPercent must be a whole number from 1 to 100, got 101: It is a percentage of the instance’s connections.',
  ]);
});
