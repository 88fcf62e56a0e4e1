import type { Aws } from '../../verify/aws';
import { rowsOf, StandIn } from '../support/verified';

jest.setTimeout(60_000);

let standIn: StandIn;

beforeAll(async () => (standIn = await StandIn.start()));
afterAll(() => standIn.stop());

const OF_AWS = ['Error caching', 'Alarms', 'Targets of the proxies', 'Secrets out of sight'];

/** Returns the differences and their actual results for changed answers of AWS. */
async function seen(aws: Partial<Aws>): Promise<string[][]> {
  const rows = await rowsOf(standIn.deployment(), aws, OF_AWS);
  return rows.filter(({ outcome }) => outcome !== 'as expected').map(({ what, seen: words }) => [what, words]);
}

const failing = (name: string, message: string) => () => Promise.reject(Object.assign(new Error(message), { name }));

describe('verify', () => {
  it('reports a raised alarm and a missing one', async () => {
    const raised = { StateValue: 'ALARM', AlarmDescription: 'Callers get 5xx.', StateReason: '7 > 5' } as const;
    const alarms = (region: string, [AlarmName]: readonly string[]) =>
      Promise.resolve(region === 'us-east-1' ? [] : [{ AlarmName, ...raised }]);
    expect(await seen({ alarms: alarms })).toEqual([
      ['login-matrix-test-api-5xx', 'ALARM: Callers get 5xx. 7 > 5'],
      ['login-matrix-test-waf-blocks', 'it does not exist'],
    ]);
  });

  it('reports an alarm without actions, and does not check one that was never evaluated', async () => {
    const alarms = (region: string, [AlarmName]: readonly string[]) =>
      Promise.resolve([
        region === 'us-east-1'
          ? { AlarmName, StateValue: 'INSUFFICIENT_DATA' }
          : { AlarmName, StateValue: 'OK', ActionsEnabled: false },
      ]);
    expect(await seen({ alarms: alarms as Aws['alarms'] })).toEqual([
      ['login-matrix-test-api-5xx', 'OK, but its actions are disabled'],
      [
        'login-matrix-test-waf-blocks',
        'not checked: CloudWatch has not evaluated it yet; a new alarm takes up to five minutes',
      ],
    ]);
  });

  it('reports an unreachable target, and a proxy without a target', async () => {
    const TargetHealth = { State: 'UNAVAILABLE', Reason: 'UNREACHABLE', Description: 'No way.' } as const;
    const proxyTargets = () => Promise.resolve([{ RdsResourceId: 'matrix', TargetHealth }]);
    expect(await seen({ proxyTargets })).toEqual([
      ['login-matrix-test-password to matrix', 'UNAVAILABLE, UNREACHABLE, No way.'],
    ]);
    expect(await seen({ proxyTargets: () => Promise.resolve([]) })).toEqual([
      ['login-matrix-test-password', 'it has no target'],
    ]);
  });

  it('reports a password in the environment of a function without its value', async () => {
    expect(await seen({ environment: () => Promise.resolve({ DB_PASSWORD: 'correct horse' }) })).toEqual([
      ['environment of login-matrix-test-items', 'DB_PASSWORD holds a value whose name says that it is secret'],
    ]);
  });

  it('reports errors that CloudFront caches', async () => {
    const Items = [
      { ErrorCode: 503, ErrorCachingMinTTL: 60 },
      ...[404, 414, 500, 501].map((ErrorCode) => ({ ErrorCode, ErrorCachingMinTTL: 0 })),
    ];
    const distribution = () => Promise.resolve({ DistributionConfig: { CustomErrorResponses: { Items } } } as never);
    expect(await seen({ distribution })).toEqual([
      ['minimum TTL of errors in the distribution', '10 s for 502, 60 s for 503, 10 s for 504'],
    ]);
  });

  it('does not check without permission, and says why', async () => {
    const denied = failing('AccessDenied', 'User: arn:aws:iam::123456789012:user/me is not authorized');
    const environment = failing('CredentialsProviderError', 'Could not load credentials from any providers.');
    expect(await seen({ alarms: denied, proxyTargets: denied, environment })).toEqual([
      ['1 alarms in eu-central-1', 'not checked: these credentials lack cloudwatch:DescribeAlarms'],
      ['1 alarms in us-east-1', 'not checked: these credentials lack cloudwatch:DescribeAlarms'],
      ['login-matrix-test-password', 'not checked: these credentials lack rds:DescribeDBProxyTargets'],
      [
        'environment of login-matrix-test-items',
        'not checked: Could not load credentials from any providers. Log in as for a deployment',
      ],
    ]);
  });

  it('reports a missing resource as a difference', async () => {
    const missing = failing('DBProxyNotFoundFault', 'The specified proxy name does not exist.');
    expect(await seen({ proxyTargets: missing })).toEqual([['login-matrix-test-password', 'it does not exist']]);
  });
});
