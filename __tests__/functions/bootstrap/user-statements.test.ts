import { userStatements } from '../../../functions/bootstrap/user-statements';

const user = { name: 'items', login: 'iam', host: '%', maxUserConnections: 20, grants: [] } as const;

const OPTIONS =
  'PASSWORD EXPIRE NEVER PASSWORD HISTORY 0 PASSWORD REUSE INTERVAL 0 DAY PASSWORD REQUIRE CURRENT OPTIONAL ' +
  'FAILED_LOGIN_ATTEMPTS 0 PASSWORD_LOCK_TIME 0 ACCOUNT UNLOCK';
const LIMITS = 'WITH MAX_QUERIES_PER_HOUR 0 MAX_UPDATES_PER_HOUR 0 MAX_CONNECTIONS_PER_HOUR 0 MAX_USER_CONNECTIONS 20';

describe('the statements for a user', () => {
  it('create a missing user and repair an existing one', () => {
    const definition = `'items'@'%' IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL ${LIMITS} ${OPTIONS}`;
    expect(userStatements(user, undefined)).toEqual([
      `CREATE USER IF NOT EXISTS ${definition}`,
      `ALTER USER ${definition}`,
    ]);
  });

  it('repair everything but the password, which a rotation may be changing', () => {
    const [, alter] = userStatements({ ...user, login: 'password' }, 'a password');
    expect(alter).toBe(`ALTER USER 'items'@'%' REQUIRE NONE ${LIMITS} ${OPTIONS}`);
  });
});
