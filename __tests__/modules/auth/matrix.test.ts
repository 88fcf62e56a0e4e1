import { KNOWN_MATRIX } from '../../../contract/known-matrix';
import { loginMatrix, loginMatrixWithoutTls, type LoginMatrix } from '../../../modules/auth/matrix';

/**
 * Returns the outcomes of password and IAM at the instance, then of password and IAM at the proxy.
 *
 * `o`: connects; `x`: is refused; `–`: the proxy is unusable.
 */
function outcomesOf({ passwordToInstance, iamToInstance, passwordToProxy, iamToProxy }: LoginMatrix): string {
  const verdicts = [passwordToInstance, iamToInstance, passwordToProxy, iamToProxy].filter(
    (verdict) => verdict !== undefined,
  );
  return verdicts.map(({ outcome }) => outcome).join(' ');
}

describe('loginMatrix', () => {
  it.each(KNOWN_MATRIX)('gives the outcomes of row $row of `KNOWN_MATRIX`', ({ outcomes, ...settings }) => {
    expect(outcomesOf(loginMatrix(settings))).toBe(Object.values(outcomes).join(' '));
  });

  it('is compared with 12 rows of different settings, numbered from 1 to 12', () => {
    const settings = KNOWN_MATRIX.map(({ iamAuthentication, proxy }) => JSON.stringify({ iamAuthentication, proxy }));
    expect(new Set(settings).size).toBe(12);
    expect(KNOWN_MATRIX.map(({ row }) => row)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  });

  it('allows no client through a proxy that logs in by IAM and does not require TLS', () => {
    const proxy = { requireTls: false, iamAuth: 'REQUIRED', upstream: 'iam' } as const;
    expect(outcomesOf(loginMatrix({ iamAuthentication: true, proxy }))).toBe('o o – –');
  });

  it('says which login is refused, the client’s or the proxy’s, if the proxy logs in by IAM', () => {
    const proxy = { requireTls: true, iamAuth: 'REQUIRED', upstream: 'iam' } as const;
    const { passwordToProxy, iamToProxy } = loginMatrix({ iamAuthentication: false, proxy });
    expect([passwordToProxy, iamToProxy].map((verdict) => verdict?.reason)).toEqual([
      'the proxy requires IAM and has no secret; a password is refused',
      'the instance refuses the token of the proxy, because IAM database authentication is off',
    ]);
  });
});

describe('loginMatrixWithoutTls', () => {
  it.each(KNOWN_MATRIX)(
    'lets only a password connect, and only to an instance that does not require TLS: row $row',
    ({ outcomes: { c: passwordToProxy }, ...settings }) => {
      const refusal = passwordToProxy === '–' ? '–' : 'x';
      const atProxy = settings.proxy ? ` ${refusal} ${refusal}` : '';
      const outcomesWith = (requireSecureTransport: boolean): string =>
        outcomesOf(loginMatrixWithoutTls({ ...settings, requireSecureTransport }));
      expect([outcomesWith(false), outcomesWith(true)]).toEqual([`o x${atProxy}`, `x x${atProxy}`]);
    },
  );

  it('gives the reason of the first failed check; the kind of login is checked before TLS', () => {
    const { iamToInstance, passwordToProxy, iamToProxy } = loginMatrixWithoutTls({
      iamAuthentication: true,
      requireSecureTransport: false,
      proxy: { requireTls: true, iamAuth: 'REQUIRED' },
    });
    expect([iamToInstance, passwordToProxy, iamToProxy].map((verdict) => verdict?.reason)).toEqual([
      'the IAM user has REQUIRE SSL: it connects over TLS only',
      'the proxy requires IAM; a password is refused',
      'the proxy requires TLS',
    ]);
  });

  it('refuses the right password at a proxy that does not require TLS, because of the plugin caching_sha2_password', () => {
    const { passwordToProxy } = loginMatrixWithoutTls({
      iamAuthentication: true,
      requireSecureTransport: false,
      proxy: { requireTls: false, iamAuth: 'DISABLED' },
    });
    expect(passwordToProxy).toEqual({
      outcome: 'x',
      reason: 'RDS Proxy accepts caching_sha2_password, the default of MySQL 8.4, over TLS only',
    });
  });
});
