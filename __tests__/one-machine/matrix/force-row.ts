import { expectation } from '../../../modules/auth/expectation';
import type { ChangedState } from '../support/changed-state';
import type { RefusedMatrixRow } from '../../support/matrix-rows';

/**
 * Synth rejects some rows of the matrix in docs/settings.md. Returns a function that edits Terraform's state to match a rejected row.
 * Before the edit, the state must match the accepted row that differs in one setting (its `neighbour`). The proxy and the instance get the
 * settings of the rejected row, and the function `auth-matrix` gets the outcomes expected for that row.
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
