import { trustPolicy } from '../../../local/__tests__/support';
import { PROXY_WITHOUT_TLS } from '../../one-machine/end-to-end/mistakes';
import { unmetConditionLike, firstUnmetCondition } from '../../one-machine/support/unmet-condition';
import type { Change } from '../../one-machine/support/running-deployment';
import { allFeatures } from '../../support/stack';
import { conditionsIn, explainer, variablesOf, type Mistake } from './explainer';
import { planDeployment } from './planned-state';

const explained = explainer(planDeployment(allFeatures));

describe('the conditions of a proxy', () => {
  const cases: Mistake[] = [
    [
      'a proxy requires IAM but not TLS',
      'func2',
      (state) => (state.one('aws_db_proxy', 'iam-proxy')['require_tls'] = false),
      ...PROXY_WITHOUT_TLS,
    ],
    [
      'the role of a proxy does not trust RDS',
      'func2',
      (state) => (state.one('aws_iam_role', 'iam-proxy_')['assume_role_policy'] = trustPolicy('lambda.amazonaws.com')),
      /^RDS may assume the role of the proxy \S+-iam$/,
      /^Allow sts:AssumeRole for the service rds\.amazonaws\.com in the trust policy of \S+-iam-proxy\.$/,
    ],
    [
      'a proxy has no target',
      'func2',
      (state) => state.remove('aws_db_proxy_target', 'iam-proxy'),
      /^the proxy \S+-iam has an instance as its target$/,
      /^Register the instance as target of the proxy\.$/,
    ],
    [
      'a proxy has no secret of the user',
      'func2',
      (state) => {
        const proxy = state.one('aws_db_proxy', 'iam-proxy');
        const auth = proxy['auth'] as { secret_arn: string }[];
        proxy['auth'] = auth.filter(({ secret_arn }) => !secret_arn.includes('timestamps'));
      },
      /^the proxy has a secret of the user 'timestamps'$/,
      /^Add the secret \S+timestamps-\S+ to the auth of the proxy\.$/,
    ],
    [
      'a password proxy requires tokens',
      'func1',
      (state) => {
        for (const auth of state.one('aws_db_proxy', 'password-proxy')['auth']) auth.iam_auth = 'REQUIRED';
        // Otherwise the missing TLS would be the first unmet condition.
        state.one('aws_db_proxy', 'password-proxy')['require_tls'] = true;
      },
      /^the proxy accepts a password$/,
      /^Log in by IAM, or set iam_auth of the proxy to DISABLED\.$/,
    ],
    [
      'an IAM proxy accepts only passwords',
      'func2',
      (state) => {
        for (const auth of state.one('aws_db_proxy', 'iam-proxy')['auth']) auth.iam_auth = 'DISABLED';
      },
      /^the proxy accepts a token$/,
      /^Log in by password, or set iam_auth of the proxy to REQUIRED\.$/,
    ],
  ];

  it.each(cases)('include an unmet one, with a fix, if %s', (_what, name, change, needs, fix) => {
    expect(firstUnmetCondition(explained(name, change))).toEqual(unmetConditionLike([needs, fix]));
  });

  it('do not apply to a login to the instance', () => {
    expect(conditionsIn(explained('items'), 'Proxy')).toEqual([]);
  });

  it('suggest a login as another user if neither the proxy nor the function’s user has a secret', () => {
    const asAnalyst: Change = (state) => {
      state.one('aws_db_proxy', 'iam-proxy')['auth'] = [];
      variablesOf(state, 'func2')['DB_USER'] = 'analyst';
    };
    expect(conditionsIn(explained('func2', asAnalyst), 'Proxy')).toContainEqual(
      expect.objectContaining({
        needs: "the proxy has a secret of the user 'analyst'",
        found: 'its auth contains no secret',
        fix: "'analyst' has no secret. Log in as a user with a secret, and add that secret to the auth of the proxy if it is missing there.",
      }),
    );
  });
});
