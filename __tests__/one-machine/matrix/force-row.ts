import { expectation } from '../../../modules/auth/expectation';
import type { ChangedState } from '../support/changed-state';
import type { RefusedMatrixRow } from '../../support/matrix-rows';

/**
 * Returns a change of Terraform's state that simulates a row that synth rejects. The change starts from the deployed neighbour of
 * the row: the proxy and the instance get the row's settings, and `auth-matrix` gets the model's predictions for the row.
 */
export function forceRow({ iamAuthentication, proxy }: RefusedMatrixRow): (state: ChangedState) => void {
  return (state) => {
    const requireTls = proxy?.requireTls === true;
    state.one('aws_db_proxy')['require_tls'] = requireTls;
    state.one('aws_db_instance')['iam_database_authentication_enabled'] = iamAuthentication;
    const expected = expectation({
      environment: 'test',
      iamAuthentication,
      requireSecureTransport: true,
      proxies: {
        'iam-proxy': { iamAuth: 'REQUIRED', requireTls, ...(proxy?.upstream && { upstream: proxy.upstream }) },
      },
    });
    const { variables } = state.one('aws_lambda_function', 'auth-matrix')['environment'][0];
    variables['AUTH_MATRIX'] = JSON.stringify(expected);
    state.redeployFunctions();
  };
}
