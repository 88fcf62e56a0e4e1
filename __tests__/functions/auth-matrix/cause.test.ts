import type { ExpectedLogin } from '../../../contract/logins';
import { causeOf } from '../../../functions/auth-matrix/cause';
import { observeFailure, type Observation } from '../../../functions/auth-matrix/observation';

const refusedLogin: ExpectedLogin = {
  login: 'password',
  target: 'iam-proxy',
  tls: true,
  expected: 'x',
  because: 'the proxy requires IAM; a password is refused',
};
const denied: Observation = {
  observed: 'x',
  milliseconds: null,
  code: 'ER_ACCESS_DENIED_ERROR',
  reason: 'the endpoint does not accept the password or token',
};

describe('the cause of a failed login', () => {
  it('is the predicted reason if the settings predict the refusal and the error code has several causes', () => {
    expect(causeOf(refusedLogin, denied)).toBe('the proxy requires IAM; a password is refused');
  });

  it('is the reason of the error code if the code has only one cause', () => {
    const code = 'ER_SECURE_TRANSPORT_REQUIRED';
    expect(causeOf(refusedLogin, { ...denied, code, reason: 'the endpoint refuses connections without TLS' })).toBe(
      'the proxy refuses connections without TLS',
    );
  });

  it.each([
    [
      'password',
      'password',
      'the instance does not accept the password: the user, its password, or the secret is not as deployed',
    ],
    [
      'token',
      'iam',
      'the instance does not accept the token: the user, its plugin, or the permission rds-db:connect is not as deployed',
    ],
  ] as const)('lists what may be wrong if a login by %s was expected to connect', (_what, login, cause) => {
    expect(causeOf({ ...refusedLogin, login, target: 'instance', expected: 'o' }, denied)).toBe(cause);
  });

  it.each([
    ['ETIMEDOUT', 'the proxy does not answer in time'],
    ['ENOTFOUND', 'the proxy’s name is not found'],
    ['HANDSHAKE_SSL_ERROR', 'the proxy does not complete the TLS handshake'],
  ])('is the reason of the error code, and names the proxy, if the proxy is unusable: %s', (code, cause) => {
    const unusable = observeFailure(Object.assign(new Error(), { code }));
    expect(causeOf(refusedLogin, { ...unusable, milliseconds: null })).toBe(cause);
  });
});

it('a login that connects has no cause of failure', () => {
  expect(causeOf(refusedLogin, { observed: 'o', milliseconds: 9, code: null, reason: null })).toBeNull();
});
