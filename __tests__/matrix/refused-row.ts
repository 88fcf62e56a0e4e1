import { expectation } from '../../modules/auth/expectation';
import type { ChangedState } from '../support/changed-state';
import type { RefusedRow } from './rows';

/** What would be applied, did RDS not refuse a proxy that requires IAM and no TLS; and what it lets expect of itself. */
export function forceRow({ iamAuthentication }: RefusedRow): (state: ChangedState) => void {
  return (state) => {
    state.one('aws_db_proxy')['require_tls'] = false;
    const expected = expectation({
      environment: 'test',
      iamAuthentication,
      requireSecureTransport: true,
      proxies: { 'iam-proxy': { iamAuth: 'REQUIRED', requireTls: false } },
    });
    const { variables } = state.one('aws_lambda_function', 'auth-matrix')['environment'][0];
    variables['AUTH_MATRIX'] = JSON.stringify(expected);
    state.redeployFunctions();
  };
}
