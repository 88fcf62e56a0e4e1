import type { Environment } from '../../../modules/settings/settings';
import { SHIPPED_PATHS } from '../../support/shipped-routes';
import { allFeatures, noFeatures, synthesise } from '../../support/stack';
import type { SynthesisedStack } from '../../support/synthesised-stack';

const INVOCATION = 'aws_lambda_invocation';

/** Returns the checked logins of the shipped routes in an environment. */
function loginsOf(environment: Environment): string[] {
  const { input } = synthesise(environment).one(INVOCATION, 'login-check') as { input: string };
  const { logins } = JSON.parse(input) as { logins: Record<'route' | 'by' | 'user' | 'host', string>[] };
  return logins
    .filter(({ route }) => SHIPPED_PATHS.includes(route.replace('GET ', '')))
    .map(
      ({ route, by, user, host }) => `${route} by ${by} as ${user} at ${/\w+-proxy|database/.exec(host)?.[0] ?? ''}`,
    );
}

const FUNC1 = 'GET /func1 by password as timestamps at password-proxy';
const FUNC2 = 'GET /func2 by iam as timestamps at iam-proxy';
const ITEMS = 'GET /items by iam as items at database';

const WITHOUT_IAM: Environment = {
  ...allFeatures,
  database: { ...allFeatures.database, iamAuthentication: false, publicAccess: { enabled: false }, users: {} },
  publicApi: { enabled: false },
  client: { enabled: false },
};

describe('the check of logins at the end of a deployment', () => {
  const stack = synthesise(allFeatures);
  const check = stack.one(INVOCATION, 'login-check');
  /** Addresses of the resources that the checked logins need. */
  const needed = [
    stack.addressOf(INVOCATION, 'bootstrap'),
    ...['password-proxy', 'iam-proxy'].flatMap((proxy) =>
      ['aws_db_proxy', 'aws_db_proxy_default_target_group', 'aws_db_proxy_target'].map((type) =>
        stack.addressOf(type, proxy),
      ),
    ),
  ];

  it.each<[string, Environment, string[]]>([
    ['every feature enabled', allFeatures, [FUNC1, FUNC2, ITEMS]],
    ['/auth-matrix disabled', { ...allFeatures, authMatrix: { enabled: false } }, [FUNC1, FUNC2, ITEMS]],
    [
      'both proxies disabled',
      { ...allFeatures, proxies: { password: { enabled: false }, iam: { enabled: false } } },
      [ITEMS],
    ],
    ['IAM logins to the instance disabled', WITHOUT_IAM, [FUNC1, FUNC2]],
  ])('tries the logins of the routes in the VPC, without those of /auth-matrix: %s', (_what, environment, logins) => {
    expect(loginsOf(environment)).toEqual(logins);
  });

  it('does not exist if there is no login to check', () => {
    expect(Object.keys(synthesise(noFeatures).all(INVOCATION)).join()).not.toContain('login-check');
  });

  it('comes after the users, and after the proxies with their pools and targets', () => {
    expect(check.depends_on).toEqual(expect.arrayContaining(needed));
  });

  it('runs again when the users, the proxies, their pools, their targets or its own code change', () => {
    expect([...(check.lifecycle.replace_triggered_by as string[])].sort()).toEqual([...needed].sort());
    expect(check.triggers).toEqual({ code: expect.stringContaining('filebase64sha256') as string });
  });

  it('has a timeout of 600 s, because the targets of new proxies take minutes to become available', () => {
    expect(stack.one('aws_lambda_function', 'login-check')).toMatchObject({ timeout: 600 });
  });

  it('has no dependent resource or output, so everything is deployed even if the check fails', () => {
    expect(dependentsOf(stack, stack.addressOf(INVOCATION, 'login-check'))).toEqual([]);
  });
});

/** Returns the names of the resources and outputs that refer to a resource. */
function dependentsOf({ json }: SynthesisedStack, address: string): string[] {
  const { resource, output } = json as { resource: Record<string, object>; output: object };
  const all = Object.values(resource).flatMap((ofType) => Object.entries(ofType));
  return [...all, ...Object.entries(output)]
    .filter(([, value]) => JSON.stringify(value).includes(address))
    .map(([name]) => name);
}
