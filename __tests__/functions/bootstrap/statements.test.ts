import { onlyPasswordStatements, userStatements } from '../../../functions/bootstrap/queries';
import { revokeStatements, rightsOf, rightsShown } from '../../../functions/bootstrap/rights';
import { isTransient } from '../../../functions/bootstrap/transient';
import { DatabaseAway, LoginRefused } from '../../../functions/shared/database/errors';
import { retrying } from '../../../functions/shared/invocation/retrying';
import { Locked } from '../../../functions/shared/database/server-lock';

const user = {
  name: 'items',
  login: 'iam',
  host: '%',
  maxUserConnections: 20,
  grants: [
    { privileges: ['SELECT', 'INSERT'], on: ['app', 'items'] },
    { privileges: ['SELECT'], columns: ['User', 'Host'], on: ['mysql', 'user'] },
  ],
} as const;

const OPTIONS =
  'PASSWORD EXPIRE NEVER PASSWORD HISTORY 0 PASSWORD REUSE INTERVAL 0 DAY PASSWORD REQUIRE CURRENT OPTIONAL ' +
  'FAILED_LOGIN_ATTEMPTS 0 PASSWORD_LOCK_TIME 0 ACCOUNT UNLOCK';
const LIMITS = 'WITH MAX_QUERIES_PER_HOUR 0 MAX_UPDATES_PER_HOUR 0 MAX_CONNECTIONS_PER_HOUR 0 MAX_USER_CONNECTIONS 20';

describe('the statements for a user', () => {
  it('create a missing user and repair an existing one', () => {
    const iam = `'items'@'%' IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL ${LIMITS} ${OPTIONS}`;
    expect(userStatements(user, undefined)).toEqual([`CREATE USER IF NOT EXISTS ${iam}`, `ALTER USER ${iam}`]);
  });

  it('repair everything but the password, which a rotation may be changing', () => {
    const [, alter] = userStatements({ ...user, login: 'password' }, 'a password');
    expect(alter).toBe(`ALTER USER 'items'@'%' REQUIRE NONE ${LIMITS} ${OPTIONS}`);
  });

  it('set one password and discard every other', () => {
    expect(onlyPasswordStatements(user, 'a password')).toEqual([
      "ALTER USER 'items'@'%' IDENTIFIED WITH caching_sha2_password BY 'a password'",
      "ALTER USER 'items'@'%' DISCARD OLD PASSWORD",
    ]);
  });

  it('escape quotes and backslashes in names and passwords', () => {
    const [create] = userStatements({ ...user, name: "o'brien", login: 'password' }, "it's\\");
    expect(create).toMatch(
      /^CREATE USER IF NOT EXISTS 'o\\'brien'@'%' IDENTIFIED WITH caching_sha2_password BY 'it\\'s\\\\' /,
    );
  });
});

describe('the grants that a server shows', () => {
  it('equal the declared ones regardless of quotes, spaces and order', () => {
    expect(
      rightsShown([
        'GRANT USAGE ON *.* TO `items`@`%` REQUIRE SSL',
        'GRANT INSERT, SELECT ON `app`.`items` TO `items`@`%`',
        'GRANT SELECT (`Host`, `User`) ON `mysql`.`user` TO `items`@`%`',
      ]),
    ).toEqual(rightsOf(user));
  });

  it.each([
    'GRANT SELECT, INSERT ON `app`.`items` TO `items`@`%` WITH GRANT OPTION',
    'GRANT SELECT, INSERT, DELETE ON `app`.`items` TO `items`@`%`',
    'GRANT SELECT ON *.* TO `items`@`%`',
    'GRANT `a role`@`%` TO `items`@`%`',
  ])('are surplus if they allow more than declared: %s', (line) => {
    const [shown = ''] = rightsShown([line]);
    expect(rightsOf(user).has(shown)).toBe(false);
  });
});

describe('the statements that revoke', () => {
  it('name roles and proxied users one by one, because ALL PRIVILEGES covers neither', () => {
    expect(
      revokeStatements(user, [
        'GRANT SELECT ON `app`.`a TO b` TO `items`@`%`',
        'GRANT `reader`@`%`,`odd `` TO name`@`%` TO `items`@`%`',
        'GRANT `of MariaDB` TO `items`@`%`',
        'GRANT PROXY ON `admin`@`%` TO `items`@`%`',
        "GRANT PROXY ON 'admin'@'%' TO 'items'@'%'",
      ]),
    ).toEqual([
      "REVOKE `reader`@`%`,`odd `` TO name`@`%` FROM 'items'@'%'",
      "REVOKE `of MariaDB` FROM 'items'@'%'",
      "REVOKE PROXY ON `admin`@`%` FROM 'items'@'%'",
      "REVOKE PROXY ON 'admin'@'%' FROM 'items'@'%'",
      "REVOKE ALL PRIVILEGES, GRANT OPTION FROM 'items'@'%'",
    ]);
  });
});

describe('retrying', () => {
  beforeEach(() => {
    jest.useFakeTimers();
    jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  });

  afterEach(() => {
    jest.useRealTimers();
    jest.restoreAllMocks();
  });

  const denied = Object.assign(new Error('not yet'), { name: 'AccessDeniedException' });

  it.each([
    ['an instance that is still starting', new DatabaseAway('away')],
    ['a rotation of the same user', new Locked('locked')],
    ['a permission that IAM has not yet propagated', new LoginRefused('no', [], { cause: denied })],
  ])('repeats the work after %s', async (_what, error) => {
    const work = jest.fn().mockRejectedValueOnce(error).mockResolvedValueOnce('done');
    const result = retrying(() => 100_000, isTransient, work);
    await jest.advanceTimersByTimeAsync(1_000);
    await expect(result).resolves.toBe('done');
  });

  it('fails at once if a retry would not help', async () => {
    const work = jest.fn().mockRejectedValue(new Error('wrong'));
    await expect(retrying(() => 100_000, isTransient, work)).rejects.toThrow('wrong');
    expect(work).toHaveBeenCalledTimes(1);
  });

  it('fails while there is still time to report the reason', async () => {
    await expect(
      retrying(
        () => 15_500,
        isTransient,
        () => Promise.reject(new DatabaseAway('away')),
      ),
    ).rejects.toThrow('away');
  });
});
