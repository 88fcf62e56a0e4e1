import { loginMatrix, type LoginSettings } from '../../../modules/auth/matrix';

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

describe('loginMatrix', () => {
  it.each(rows)('decides row %i', (_row, settings, expected) => {
    const { passwordToInstance, iamToInstance, passwordToProxy, iamToProxy } = loginMatrix(settings);
    const met = [passwordToInstance, iamToInstance, passwordToProxy, iamToProxy].filter((v) => v !== undefined);
    expect(met.map(({ outcome }) => outcome).join(' ')).toBe(expected);
  });

  it('gives a reason for every verdict', () => {
    const verdicts = rows.flatMap(([, settings]) => Object.values(loginMatrix(settings)));
    expect(verdicts.every(({ reason }) => reason.length > 0)).toBe(true);
  });
});
