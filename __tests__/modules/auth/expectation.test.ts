import { expectation, type DeployedLogins } from '../../../modules/auth/expectation';

const password = { requireTls: false, iamAuth: 'DISABLED' } as const;
const iam = { requireTls: true, iamAuth: 'REQUIRED' } as const;
const instance = { environment: 'test', iamAuthentication: true, requireSecureTransport: false };

/** Returns a line for each login: `password at iam-proxy over TLS: x`. `o` connects, `x` is refused. */
const linesOf = (deployed: DeployedLogins): string[] =>
  expectation(deployed).logins.map(
    ({ login, target, tls, expected }) => `${login} at ${target} ${tls ? 'over' : 'without'} TLS: ${expected}`,
  );

describe('expectation', () => {
  // A proxy refuses a password without TLS even if it does not require TLS: RDS Proxy accepts caching_sha2_password over TLS only.
  it('lists every login to the instance and the deployed proxies, first with TLS, then without', () => {
    expect(linesOf({ ...instance, proxies: { 'password-proxy': password, 'iam-proxy': iam } })).toEqual([
      'password at instance over TLS: o',
      'iam at instance over TLS: o',
      'password at password-proxy over TLS: o',
      'iam at password-proxy over TLS: x',
      'password at iam-proxy over TLS: x',
      'iam at iam-proxy over TLS: o',
      'password at instance without TLS: o',
      'iam at instance without TLS: x',
      'password at password-proxy without TLS: x',
      'iam at password-proxy without TLS: x',
      'password at iam-proxy without TLS: x',
      'iam at iam-proxy without TLS: x',
    ]);
  });

  it('lists no login to a proxy that is not deployed', () => {
    expect(linesOf({ ...instance, iamAuthentication: false, requireSecureTransport: true, proxies: {} })).toEqual([
      'password at instance over TLS: o',
      'iam at instance over TLS: x',
      'password at instance without TLS: x',
      'iam at instance without TLS: x',
    ]);
  });

  it('gives the reason for an outcome', () => {
    const [first] = expectation({ ...instance, proxies: {} }).logins;
    expect(first?.because).toBe('the instance accepts the password of a password user');
  });

  it.each([
    [false, {}, [1]],
    [true, {}, [2]],
    [false, { 'password-proxy': password }, [1, 3]],
    [true, { 'password-proxy': password }, [2, 4]],
    [false, { 'password-proxy': { ...password, requireTls: true } }, [1, 5]],
    [true, { 'password-proxy': { ...password, requireTls: true } }, [2, 6]],
    [false, { 'iam-proxy': iam }, [1, 9]],
    [true, { 'iam-proxy': iam }, [2, 10]],
    [true, { 'password-proxy': password, 'iam-proxy': iam }, [2, 4, 10]],
    [false, { 'iam-proxy': { ...iam, upstream: 'iam' } as const }, [1, 11]],
    [true, { 'password-proxy': password, 'iam-proxy': { ...iam, upstream: 'iam' } as const }, [2, 4, 12]],
  ])(
    'gives the row in contract/known-matrix.ts for the instance and for each proxy: IAM authentication %s, proxies %j',
    (iamAuthentication, proxies, rows) => {
      const { settings } = expectation({ ...instance, iamAuthentication, proxies });
      expect(settings.rows.map(({ row }) => row)).toEqual(rows);
    },
  );
});
