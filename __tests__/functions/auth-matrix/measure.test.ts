import type { ExpectedLogin, Expectation, TargetName } from '../../../contract/logins';
import { measure, type Measurement } from '../../../functions/auth-matrix/measure';
import type { Observation } from '../../../functions/auth-matrix/observation';
import { probe } from '../../../functions/auth-matrix/probe';
import type { DatabaseLogin } from '../../../functions/shared/database/database-credentials';
import type { Target } from '../../../functions/shared/database/target';

jest.mock('../../../functions/auth-matrix/probe', () => ({ probe: jest.fn() }));

const CONNECTED: Observation = { observed: 'o', milliseconds: 12, code: null, reason: null };
const REFUSED: Observation = { ...CONNECTED, observed: 'x', milliseconds: null, code: 'ER_ACCESS_DENIED_ERROR' };
const NO_ANSWER: Observation = { ...REFUSED, observed: '–', code: 'ETIMEDOUT' };

const EXPECTED: ExpectedLogin = {
  login: 'password',
  target: 'instance',
  tls: true,
  expected: 'o',
  because: 'the password is valid',
};
const TARGETS = new Map<TargetName, Target>([['instance', { host: 'db.example.com', port: 3306 } as Target]]);
const SETTINGS: Expectation['settings'] = { iamAuthentication: true, requireSecureTransport: false, rows: [] };

const byPassword = (password: string): DatabaseLogin => ({ user: 'matrix_password', password, clearText: false });

/** Measures each expected login; `new` is the current password, `old` the previous one. @param outcomes the outcome of each password */
function measureWith(
  outcomes: Readonly<Record<string, Observation>>,
  expected: readonly ExpectedLogin[] = [EXPECTED],
): Promise<Measurement> {
  jest.mocked(probe).mockReset();
  jest.mocked(probe).mockImplementation((_target, { password }) => Promise.resolve(outcomes[password] ?? NO_ANSWER));
  return measure({ environment: 'test', settings: SETTINGS, logins: expected }, 'eu-central-1', TARGETS, () =>
    Promise.resolve([byPassword('new'), byPassword('old')]),
  );
}

const triedPasswords = (): string[] => jest.mocked(probe).mock.calls.map(([, { password }]) => password);

describe('a measurement', () => {
  it('compares each login with its expected outcome', async () => {
    const expected = [EXPECTED, { ...EXPECTED, expected: 'x' }] as const;
    expect(await measureWith({ new: CONNECTED }, expected)).toMatchObject({
      agrees: false,
      probes: [
        { observed: 'o', agrees: true },
        { observed: 'o', agrees: false },
      ],
    });
  });

  it('agrees if every login has its expected outcome, and reports environment, region and settings', async () => {
    expect(await measureWith({ new: CONNECTED })).toMatchObject({
      agrees: true,
      environment: 'test',
      region: 'eu-central-1',
      settings: SETTINGS,
      probes: [{ ...EXPECTED, ...CONNECTED, cause: null }],
    });
  });

  it('tries the previous password only if the current one is refused', async () => {
    const { probes } = await measureWith({ new: REFUSED, old: CONNECTED });
    expect(triedPasswords()).toEqual(['new', 'old']);
    expect(probes[0]?.observed).toBe('o');
  });

  it.each([
    ['connects', CONNECTED],
    ['gets no answer from the endpoint', NO_ANSWER],
  ])('tries no other password if the current one %s', async (_what, observation) => {
    await measureWith({ new: observation, old: REFUSED });
    expect(triedPasswords()).toEqual(['new']);
  });

  it('fails for a login whose target the function does not know', async () => {
    await expect(measureWith({ new: CONNECTED }, [{ ...EXPECTED, target: 'iam-proxy' }])).rejects.toThrow(
      'iam-proxy is not among the targets of this function',
    );
  });
});
