import type { Explanation } from '../../../start/explain/explain';
import { unmetConditionLike, firstUnmetCondition } from '../../one-machine/support/unmet-condition';
import { explainer, variablesOf } from './explainer';
import { planDeployment } from './planned-state';
import type { Change } from '../../one-machine/support/running-deployment';
import { endToEndIam } from '../../support/stack';

const explained = explainer(planDeployment(endToEndIam));

const needsOf = ([explanation]: Explanation[]): readonly string[] =>
  explanation?.sections.flatMap(({ conditions }) => conditions.map(({ needs }) => needs)) ?? [];

describe('with an IAM proxy that logs in to the instance by IAM, the explanation', () => {
  it.each(['func2', 'auth-matrix', 'func1', 'timestamps_iam', 'matrix_iam'])(
    'of %s finds nothing wrong in a correct deployment',
    (name) => {
      expect(firstUnmetCondition(explained(name))).toBeUndefined();
    },
  );

  it('of func2 lists the login of the proxy to the instance, and requires no secret', () => {
    const needs = needsOf(explained('func2'));
    expect(needs).toContain('RDS may assume the role of the proxy login-matrix-test-iam');
    expect(needs).toContain("the proxy login-matrix-test-iam may log in to login-matrix-test as 'timestamps_iam'");
    expect(needs).toContain('IAM database authentication of the instance is on');
    expect(needs).toContain("the database accepts a token from the proxy for the user 'timestamps_iam'");
    expect(needs.join('\n')).not.toMatch(/secret of|the secret/);
    expect(explained('func2')[0]?.unknown.join('\n')).not.toContain('the secret holds');
  });

  it('of /auth-matrix lists the login through the proxy as matrix_iam', () => {
    expect(explained('auth-matrix').map(({ title }) => title)).toContainEqual(
      expect.stringMatching(/login-matrix-test-iam\.\S+ as 'matrix_iam', by IAM$/),
    );
  });

  it.each<[what: string, change: Change, needs: RegExp, fix: RegExp]>([
    [
      'the policy of the proxy’s role names the proxy instead of the instance',
      (state) => {
        const policy = state.one('aws_iam_role_policy', 'iam-proxy_role_ConnectAs-timestamps_iam');
        policy['policy'] = (policy['policy'] as string).replace(/dbuser:db-[^/]+/, 'dbuser:prx-loginmatrixtestiam');
      },
      /^the proxy login-matrix-test-iam may log in to login-matrix-test as 'timestamps_iam'$/,
      /^Allow rds-db:connect on \S+dbuser:db-\S+\/timestamps_iam in a policy of \S+ The ARN contains the resource id/,
    ],
    [
      'IAM authentication of the instance is off',
      (state) => (state.one('aws_db_instance')['iam_database_authentication_enabled'] = false),
      /^IAM database authentication of the instance is on$/,
      /^Set iam_database_authentication_enabled/,
    ],
    [
      'DB_USER names timestamps, and no policy allows the function to log in as that user',
      (state) => (variablesOf(state, 'func2')['DB_USER'] = 'timestamps'),
      /^the function login-matrix-test-func2 may log in as 'timestamps'$/,
      /^Allow rds-db:connect/,
    ],
  ])('finds, with a fix, that %s', (_what, change, needs, fix) => {
    expect(firstUnmetCondition(explained('func2', change))).toEqual(unmetConditionLike([needs, fix]));
  });

  it('finds that a password user cannot log in through the proxy, although IAM allows it', () => {
    const asPasswordUser: Change = (state) => {
      variablesOf(state, 'func2')['DB_USER'] = 'timestamps';
      for (const name of ['functions_func2_role_ConnectTo', 'iam-proxy_role_ConnectAs-timestamps_iam']) {
        const policy = state.one('aws_iam_role_policy', name);
        policy['policy'] = (policy['policy'] as string).replace('/timestamps_iam', '/timestamps');
      }
    };
    // The proxy itself accepts the token. Its own login to the database fails.
    expect(needsOf(explained('func2', asPasswordUser))).toContain(
      "the proxy accepts a token from the user 'timestamps' without a secret for this user",
    );
    expect(firstUnmetCondition(explained('func2', asPasswordUser))).toEqual(
      unmetConditionLike([
        /^the database accepts a token from the proxy for the user 'timestamps'$/,
        /^Log in as a user that is IDENTIFIED WITH AWSAuthenticationPlugin: 'timestamps' has a password\.$/,
      ]),
    );
  });
});
