import type { ExpectedLogin, MatrixRow } from '../../../contract/logins';
import { matrixLogins } from '../../../functions/auth-matrix/logins';
import { readToken } from '../../../functions/shared/database/diagnosis/token';
import type { Target } from '../../../functions/shared/database/target';
import { secretText } from '../../../functions/shared/secrets/secret';
import { setVariablesForEachTest } from '../../support/environment-variables';
import { answerWithSecret } from '../../support/secret-values';

const TARGET = { host: 'db.example.com', port: 3306 } as Target;
/** The rows of the matrix that apply to one deployment: to its instance, its password proxy and its IAM proxy. */
const ROWS: readonly MatrixRow[] = [
  { row: 2 },
  { row: 4, proxy: 'password-proxy', requireTls: false, iamAuth: 'DISABLED' },
  { row: 12, proxy: 'iam-proxy', requireTls: true, iamAuth: 'REQUIRED', upstream: 'iam' },
];

const CURRENT = secretText({ user: 'matrix_password', password: 'new' });
const PREVIOUS = secretText({ user: 'matrix_password', password: 'old' });

setVariablesForEachTest({
  DB_SECRET_ARN: 'arn:of:secret',
  DB_USER: 'matrix_iam',
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'KEY',
  AWS_SECRET_ACCESS_KEY: 'secret',
});

afterEach(() => void jest.restoreAllMocks());

async function loginsOf(
  login: ExpectedLogin['login'],
  target: ExpectedLogin['target'],
  versions: Parameters<typeof answerWithSecret>[0] = { AWSCURRENT: CURRENT, AWSPREVIOUS: PREVIOUS },
) {
  answerWithSecret(versions);
  const logins = await matrixLogins(ROWS)();
  return logins({ login, target, tls: true, expected: 'o', because: '' }, TARGET);
}

describe('the logins of a measurement', () => {
  it('try the current password, then the previous one, which a proxy may still know', async () => {
    expect(await loginsOf('password', 'password-proxy')).toEqual([
      { user: 'matrix_password', password: 'new', clearText: false },
      { user: 'matrix_password', password: 'old', clearText: false },
    ]);
  });

  it('request both versions of the secret at once, not one after the other', () => {
    const requestedLabels = answerWithSecret({ AWSCURRENT: CURRENT });
    void matrixLogins(ROWS)();
    expect(requestedLabels).toEqual(['AWSCURRENT', 'AWSPREVIOUS']);
  });

  it.each([
    ['there is none', {}],
    ['it is of another user', { AWSPREVIOUS: secretText({ user: 'earlier', password: 'old' }) }],
  ])('leave the previous password out if %s', async (_why, previous) => {
    expect(await loginsOf('password', 'instance', { AWSCURRENT: CURRENT, ...previous })).toEqual([
      { user: 'matrix_password', password: 'new', clearText: false },
    ]);
  });

  it.each([
    ['the instance, as the user that logs in by IAM', 'instance', 'matrix_iam'],
    ['a proxy with a secret, as the user of the secret', 'password-proxy', 'matrix_password'],
    ['a proxy without a secret, as the user that logs in by IAM', 'iam-proxy', 'matrix_iam'],
  ] as const)('use a token that is signed for %s', async (_what, target, user) => {
    const [login, second] = await loginsOf('iam', target);
    expect(second).toBeUndefined();
    expect(login).toMatchObject({ user, clearText: true });
    expect(readToken(login.password)).toMatchObject({
      user,
      endpoint: 'db.example.com:3306',
      region: 'eu-central-1',
    });
  });
});
