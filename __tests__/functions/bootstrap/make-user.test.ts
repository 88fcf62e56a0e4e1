import type { User } from '../../../functions/bootstrap/definition';
import { makeUser } from '../../../functions/bootstrap/make-user';
import type { Query } from '../../../functions/shared/database/database';
import type { Target } from '../../../functions/shared/database/target';
import { secretText, type UserAndPassword } from '../../../functions/shared/secrets/secret';
import { logsIn } from '../../../functions/shared/users/password-login';
import { answerWithSecret } from '../../support/secret-values';

jest.mock('../../../functions/shared/users/password-login', () => ({ logsIn: jest.fn() }));

const IAM: User = { name: 'items', login: 'iam', host: '10.%', maxUserConnections: 20, grants: [] };
const PASSWORD: User = { ...IAM, name: 'timestamps', login: 'password', secretArn: 'arn:of:secret' };
const CURRENT = { user: 'timestamps', password: 'current' };
const NEXT = { user: 'timestamps', password: 'next' };

/** What the bootstrap finds at the server and in Secrets Manager. */
interface Situation {
  /** Hosts of the accounts with the user's name. */
  readonly hosts?: readonly string[];
  /** Authentication plugin of the account. */
  readonly plugin?: string;
  /** Passwords that log in. */
  readonly valid?: readonly string[];
  /** Pending version of the secret. @default - none, because no rotation is under way */
  readonly pending?: UserAndPassword;
}

/** Makes a user at a server whose locks are free. Returns the statements. */
async function statementsFor(
  user: User,
  { hosts = [user.host], plugin = 'caching_sha2_password', valid = ['current'], pending }: Situation = {},
): Promise<string[]> {
  const statements: string[] = [];
  const query = (sql: string, values: readonly unknown[] = []): Promise<object[]> => {
    statements.push(values.length > 0 ? `${sql} [${values.join(', ')}]` : sql);
    if (sql.startsWith('SELECT plugin')) return Promise.resolve([{ plugin }]);
    if (sql.startsWith('SELECT Host')) return Promise.resolve(hosts.map((host) => ({ host })));
    return Promise.resolve(sql.includes('LOCK') ? [{ acquired: 1 }] : []);
  };
  answerWithSecret({ AWSCURRENT: secretText(CURRENT), ...(pending && { AWSPENDING: secretText(pending) }) });
  jest.mocked(logsIn).mockImplementation((_target, { password }) => Promise.resolve(valid.includes(password)));
  await makeUser(query as unknown as Query, {} as Target, user);
  return statements;
}

/** Selects the statements that change the passwords of an existing user. */
const passwordChanges = (statements: readonly string[]): string[] =>
  statements.filter((sql) => sql.startsWith('ALTER USER') && /PASSWORD$|BY '/.test(sql));

beforeEach(() => void jest.spyOn(process.stdout, 'write').mockReturnValue(true));
afterEach(() => void jest.restoreAllMocks());

describe('a user that the bootstrap makes', () => {
  it('is recorded before it is made, so that an interrupted run leaves no unrecorded account', async () => {
    const statements = await statementsFor(IAM);
    expect(statements[0]).toMatch(/^INSERT IGNORE INTO deployment\.users .* \[items, 10\.%\]$/);
    expect(statements[1]).toMatch(/^CREATE USER IF NOT EXISTS 'items'@'10\.%' IDENTIFIED WITH AWSAuthenticationPlugin/);
    expect(statements[2]).toMatch(/^ALTER USER 'items'@'10\.%' /);
  });

  it.each([IAM, PASSWORD])('keeps only the account of its declared host (login: $login)', async (user) => {
    const statements = await statementsFor(user, { hosts: ['%', '10.%'] });
    expect(statements.filter((sql) => /^(DROP|DELETE)/.test(sql))).toEqual([
      `DROP USER '${user.name}'@'%'`,
      `DELETE FROM deployment.users WHERE name = ? AND host = ? [${user.name}, %]`,
    ]);
  });
});

describe('a user that logs in by password', () => {
  it('keeps its passwords if the password in the secret logs in', async () => {
    const statements = await statementsFor(PASSWORD);
    expect(statements.some((sql) => /^CREATE USER .* BY 'current' /.test(sql))).toBe(true);
    expect(passwordChanges(statements)).toEqual([]);
  });

  it.each([
    ['the password in the secret does not log in', { valid: [] }],
    ['the account has another plugin', { plugin: 'mysql_native_password' }],
  ])('is given the password in the secret and loses every other password if %s', async (_what, situation) => {
    expect(passwordChanges(await statementsFor(PASSWORD, situation))).toEqual([
      "ALTER USER 'timestamps'@'10.%' IDENTIFIED WITH caching_sha2_password BY 'current'",
      "ALTER USER 'timestamps'@'10.%' DISCARD OLD PASSWORD",
    ]);
  });

  it('is created and gets its password under its password lock, so that no rotation interferes', async () => {
    const statements = await statementsFor(PASSWORD, { valid: [] });
    const inOrder = [/GET_LOCK.*passwords of timestamps/, /^CREATE USER/, /DISCARD/, /RELEASE_LOCK/];
    const positions = inOrder.map((pattern) => statements.findIndex((sql) => pattern.test(sql)));
    expect(positions).not.toContain(-1);
    expect(positions).toEqual([...positions].sort((a, b) => a - b));
  });

  it('needs a secret', async () => {
    await expect(statementsFor({ ...IAM, login: 'password' })).rejects.toThrow(
      "The user 'items' logs in by password, but its definition has no secretArn. Add it.",
    );
  });
});

describe('a user whose password is being rotated', () => {
  it('gets the current and the pending password, unless both already log in', async () => {
    const oneValid = await statementsFor(PASSWORD, { pending: NEXT, valid: ['current'] });
    expect(passwordChanges(oneValid).at(-1)).toMatch(/BY 'next' RETAIN CURRENT PASSWORD$/);
    const bothValid = await statementsFor(PASSWORD, { pending: NEXT, valid: ['current', 'next'] });
    expect(passwordChanges(bothValid)).toEqual([]);
  });

  it.each([
    ['is the current one', CURRENT],
    ['is for another user', { ...NEXT, user: 'admin' }],
  ])('gets only the current password if the pending version %s', async (_what, pending) => {
    const changes = passwordChanges(await statementsFor(PASSWORD, { pending, valid: [] }));
    expect(changes.join('\n')).not.toMatch(/next|RETAIN/);
    expect(changes).toHaveLength(2);
  });
});
