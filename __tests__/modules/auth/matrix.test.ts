import { loginMatrix, loginMatrixWithoutTls, type LoginMatrix, type LoginSettings } from '../../../modules/auth/matrix';

type Row = [row: number, settings: LoginSettings, outcomes: string];

const rows: Row[] = [
  [1, { iamAuthentication: false }, 'o x'],
  [2, { iamAuthentication: true }, 'o o'],
  [3, { iamAuthentication: false, proxy: { requireTls: false, iamAuth: 'DISABLED' } }, 'o x o x'],
  [4, { iamAuthentication: true, proxy: { requireTls: false, iamAuth: 'DISABLED' } }, 'o o o x'],
  [5, { iamAuthentication: false, proxy: { requireTls: true, iamAuth: 'DISABLED' } }, 'o x o x'],
  [6, { iamAuthentication: true, proxy: { requireTls: true, iamAuth: 'DISABLED' } }, 'o o o x'],
  [7, { iamAuthentication: false, proxy: { requireTls: false, iamAuth: 'REQUIRED' } }, 'o x – –'],
  [8, { iamAuthentication: true, proxy: { requireTls: false, iamAuth: 'REQUIRED' } }, 'o o – –'],
  [9, { iamAuthentication: false, proxy: { requireTls: true, iamAuth: 'REQUIRED' } }, 'o x x o'],
  [10, { iamAuthentication: true, proxy: { requireTls: true, iamAuth: 'REQUIRED' } }, 'o o x o'],
];

/** The outcomes of a to d. */
function outcomesOf({ passwordToInstance, iamToInstance, passwordToProxy, iamToProxy }: LoginMatrix): string {
  const met = [passwordToInstance, iamToInstance, passwordToProxy, iamToProxy].filter((v) => v !== undefined);
  return met.map(({ outcome }) => outcome).join(' ');
}

describe('loginMatrix', () => {
  it.each(rows)('decides row %i', (_row, settings, expected) => {
    expect(outcomesOf(loginMatrix(settings))).toBe(expected);
  });

  it('gives a reason for every verdict', () => {
    const verdicts = rows.flatMap(([, settings]) => Object.values(loginMatrix(settings)));
    expect(verdicts.every(({ reason }) => reason.length > 0)).toBe(true);
  });
});

/** Without TLS: first where the instance does without it, then where it requires it of everyone. */
const rowsWithoutTls: [row: number, lenient: string, strict: string][] = [
  [1, 'o x', 'x x'],
  [2, 'o x', 'x x'],
  [3, 'o x x x', 'x x x x'],
  [4, 'o x x x', 'x x x x'],
  [5, 'o x x x', 'x x x x'],
  [6, 'o x x x', 'x x x x'],
  [7, 'o x – –', 'x x – –'],
  [8, 'o x – –', 'x x – –'],
  [9, 'o x x x', 'x x x x'],
  [10, 'o x x x', 'x x x x'],
];

describe('loginMatrixWithoutTls', () => {
  it.each(rowsWithoutTls)('decides row %i', (row, lenient, strict) => {
    const settings = rows[row - 1]?.[1] ?? { iamAuthentication: false };
    expect(outcomesOf(loginMatrixWithoutTls({ ...settings, requireSecureTransport: false }))).toBe(lenient);
    expect(outcomesOf(loginMatrixWithoutTls({ ...settings, requireSecureTransport: true }))).toBe(strict);
  });

  it('tells what refuses a login first: its kind, or that it lacks TLS', () => {
    const { iamToInstance, passwordToProxy, iamToProxy } = loginMatrixWithoutTls({
      iamAuthentication: true,
      requireSecureTransport: false,
      proxy: { requireTls: true, iamAuth: 'REQUIRED' },
    });
    expect([iamToInstance, passwordToProxy, iamToProxy].map((verdict) => verdict?.reason)).toEqual([
      'users that log in by IAM are REQUIRE SSL',
      'the proxy is set to IAM REQUIRED and takes tokens only',
      'the proxy requires TLS',
    ]);
  });

  it('refuses the right password at a proxy that does not require TLS, for its plugin', () => {
    const proxy = { requireTls: false, iamAuth: 'DISABLED' } as const;
    const { passwordToProxy } = loginMatrixWithoutTls({
      iamAuthentication: true,
      requireSecureTransport: false,
      proxy,
    });
    expect(passwordToProxy).toEqual({ outcome: 'x', reason: 'RDS Proxy takes caching_sha2_password over TLS only' });
  });
});
