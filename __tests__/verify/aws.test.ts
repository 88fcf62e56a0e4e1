import { standInForFile } from '../support/verified';

const standIn = standInForFile();

describe('a failed request to AWS', () => {
  const failing = (name: string, message: string) => () => Promise.reject(Object.assign(new Error(message), { name }));

  it('for lack of permission leaves its rows unchecked, and says why', async () => {
    const denied = failing('AccessDenied', 'User: arn:aws:iam::123456789012:user/me is not authorized');
    const environment = failing('CredentialsProviderError', 'Could not load credentials from any providers');
    expect(await standIn().seenInAws({ alarms: denied, proxyTargets: denied, environment })).toEqual([
      ['1 alarms in eu-central-1', 'not checked: these credentials lack cloudwatch:DescribeAlarms'],
      ['1 alarms in us-east-1', 'not checked: these credentials lack cloudwatch:DescribeAlarms'],
      ['login-matrix-test-password', 'not checked: these credentials lack rds:DescribeDBProxyTargets'],
      [
        'environment of login-matrix-test-items',
        'not checked: Could not load credentials from any providers. Log in to AWS as for a deployment',
      ],
    ]);
  });

  it('for a missing resource is a difference', async () => {
    const missing = failing('DBProxyNotFoundFault', 'The specified proxy name does not exist.');
    expect(await standIn().seenInAws({ proxyTargets: missing })).toEqual([
      ['login-matrix-test-password', 'it does not exist'],
    ]);
  });
});
