import type { User } from '../../../functions/bootstrap/definition';
import { makeUser } from '../../../functions/bootstrap/make-user';
import type { Query } from '../../../functions/shared/database/database';
import type { Target } from '../../../functions/shared/database/target';
import { secretsManager, secretText, type UserAndPassword } from '../../../functions/shared/secrets/secret';
import { logsIn } from '../../../functions/shared/users/password-login';

jest.mock('../../../functions/shared/users/password-login', () => ({ logsIn: jest.fn() }));

const IAM: User = { name: 'items', login: 'iam', host: '10.%', maxUserConnections: 20, grants: [] };
const PASSWORD: User = { ...IAM, name: 'timestamps', login: 'password', secretArn: 'arn:of:it' };
const CURRENT = { user: 'timestamps', password: 'current' };
const NEXT = { user: 'timestamps', password: 'next' };

interface Situation {
  /** Hosts of the accounts with the user's name. */
  readonly hosts?: readonly string[];
  readonly plugin?: string;
  /** Passwords that log in. */
  readonly valid?: readonly string[];
  readonly current?: UserAndPassword;
  /** Password of the next version, while a rotation is under way. */
  readonly pending?: UserAndPassword;
}

/** Makes a user at a server whose locks are free. Returns the statements. */
async function make(
  user: User,
  {
    hosts = [user.host],
    plugin = 'caching_sha2_password',
    valid = ['current'],
    current = CURRENT,
    pending,
  }: Situation = {},
): Promise<string[]> {
  const statements: string[] = [];
  const query = (sql: string, values: readonly unknown[] = []): Promise<object[]> => {
    statements.push(values.length > 0 ? `${sql} [${values.join(', ')}]` : sql);
    if (sql.startsWith('SELECT plugin')) return Promise.resolve([{ plugin }]);
    if (sql.startsWith('SELECT Host')) return Promise.resolve(hosts.map((host) => ({ host })));
    return Promise.resolve(sql.includes('LOCK') ? [{ taken: 1 }] : []);
  };
  const missing = Object.assign(new Error(), { name: 'ResourceNotFoundException' });
  jest.spyOn(secretsManager, 'send').mockImplementation((({ input }: { input: { VersionStage: string } }) => {
    const found = input.VersionStage === 'AWSCURRENT' ? current : pending;
    return found
      ? Promise.resolve({ SecretString: secretText(found) })
      : Promise.reject(new Error('refused', { cause: missing }));
  }) as never);
  jest.mocked(logsIn).mockImplementation((_target, { password }) => Promise.resolve(valid.includes(password)));
  await makeUser(query as unknown as Query, {} as Target, user);
  return statements;
}

/** Statements that set a password or make one invalid, after the user exists. */
const passwordChanges = (statements: readonly string[]): string[] =>
  statements.filter((sql) => sql.startsWith('ALTER USER') && /PASSWORD$|BY '/.test(sql));

beforeEach(() => void jest.spyOn(process.stdout, 'write').mockReturnValue(true));
afterEach(() => void jest.restoreAllMocks());

describe('a user', () => {
  it('is recorded before it is made, so that an interrupted run leaves no unrecorded account', async () => {
    const statements = await make(IAM);
    expect(statements[0]).toMatch(/^INSERT IGNORE INTO deployment\.users .* \[items, 10\.%\]$/);
    expect(statements[1]).toMatch(/^CREATE USER IF NOT EXISTS 'items'@'10\.%' IDENTIFIED WITH AWSAuthenticationPlugin/);
    expect(statements[2]).toMatch(/^ALTER USER 'items'@'10\.%' /);
  });

  it.each([IAM, PASSWORD])('keeps only the account of its declared host, by $login', async (user) => {
    const statements = await make(user, { hosts: ['%', '10.%'] });
    expect(statements.filter((sql) => /^(DROP|DELETE)/.test(sql))).toEqual([
      `DROP USER '${user.name}'@'%'`,
      `DELETE FROM deployment.users WHERE name = ? AND host = ? [${user.name}, %]`,
    ]);
  });
});

describe('a user that logs in by password', () => {
  it('keeps its passwords if the one in the secret logs in', async () => {
    const statements = await make(PASSWORD);
    expect(statements.some((sql) => /^CREATE USER .* BY 'current' /.test(sql))).toBe(true);
    expect(passwordChanges(statements)).toEqual([]);
  });

  it.each([
    ['the one in the secret does not log in', { valid: [] }],
    ['it has another plugin', { plugin: 'mysql_native_password' }],
  ])('gets only the password in the secret if %s', async (_what, situation) => {
    expect(passwordChanges(await make(PASSWORD, situation))).toEqual([
      "ALTER USER 'timestamps'@'10.%' IDENTIFIED WITH caching_sha2_password BY 'current'",
      "ALTER USER 'timestamps'@'10.%' DISCARD OLD PASSWORD",
    ]);
  });

  it('is changed under its password lock, so that no rotation changes it meanwhile', async () => {
    const statements = await make(PASSWORD, { valid: [] });
    const position = (pattern: RegExp): number => statements.findIndex((sql) => pattern.test(sql));
    const [taken, made, changed, released] = [
      /GET_LOCK.*passwords of timestamps/,
      /^CREATE USER/,
      /DISCARD/,
      /RELEASE_LOCK/,
    ];
    const positions = [taken, made, changed, released].map(position);
    expect(positions).not.toContain(-1);
    expect(positions).toEqual([...positions].sort((a, b) => a - b));
  });

  it('is not made for the secret of another user', async () => {
    await expect(make(PASSWORD, { current: { ...CURRENT, user: 'admin' } })).rejects.toThrow(
      'The secret arn:of:it holds the user name admin, not timestamps',
    );
  });

  it('needs a secret', async () => {
    await expect(make({ ...IAM, login: 'password' })).rejects.toThrow(
      'items logs in by password, but its secretArn is missing',
    );
  });
});

describe('a user whose password is being rotated', () => {
  it('gets both passwords unless both are valid', async () => {
    const missing = await make(PASSWORD, { pending: NEXT, valid: ['current'] });
    expect(passwordChanges(missing).at(-1)).toMatch(/BY 'next' RETAIN CURRENT PASSWORD$/);
    const both = await make(PASSWORD, { pending: NEXT, valid: ['current', 'next'] });
    expect(passwordChanges(both)).toEqual([]);
  });

  it.each([
    ['is the current one', CURRENT],
    ['is for another user', { ...NEXT, user: 'admin' }],
  ])('gets only the current one if the pending version %s', async (_what, pending) => {
    const changes = passwordChanges(await make(PASSWORD, { pending, valid: [] }));
    expect(changes.join('\n')).not.toMatch(/next|RETAIN/);
    expect(changes).toHaveLength(2);
  });
});
