import { account, identifiedBy } from '../shared/users/account';
import type { User } from './definition';

/**
 * SECURITY: RDS lets the master user log in from any host: also from the internet, if the instance is public. This statement
 * requires TLS of that user, because the server itself may not require it.
 *
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/mysql-ssl-connections.require-ssl-users.html
 */
export const REQUIRE_TLS_OF_MASTER = 'ALTER USER CURRENT_USER() REQUIRE SSL';

/**
 * Returns the statements that create a missing user and repair an existing one.
 *
 * @param password password of a user to create; `undefined` for a user that logs in by IAM. An existing user keeps its current and
 *   previous passwords, so its clients can still log in.
 */
export function userStatements(user: User, password: string | undefined): string[] {
  const iam = "IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS'";
  // SECURITY: a token must never travel unencrypted, even if the server allows connections without TLS.
  const tls = user.login === 'iam' ? 'REQUIRE SSL' : 'REQUIRE NONE';
  const options = [tls, ...limits(user), ...PASSWORD_OPTIONS, 'ACCOUNT UNLOCK'].join(' ');
  return [
    `CREATE USER IF NOT EXISTS ${account(user)} ${password === undefined ? iam : identifiedBy(password)} ${options}`,
    `ALTER USER ${account(user)} ${password === undefined ? `${iam} ` : ''}${options}`,
  ];
}

/** Names every limit: a person may have set one, and ALTER USER does not change a limit that it omits. */
const limits = ({ maxUserConnections }: User): string[] => [
  'WITH MAX_QUERIES_PER_HOUR 0 MAX_UPDATES_PER_HOUR 0 MAX_CONNECTIONS_PER_HOUR 0',
  `MAX_USER_CONNECTIONS ${maxUserConnections}`,
];

/**
 * Turns off MySQL's password policies, because Secrets Manager rotates the passwords. With a password history, MySQL would reject
 * a password that a rotation or the bootstrap sets again.
 *
 * https://dev.mysql.com/doc/refman/8.4/en/alter-user.html#alter-user-password-management
 */
const PASSWORD_OPTIONS = [
  'PASSWORD EXPIRE NEVER PASSWORD HISTORY 0 PASSWORD REUSE INTERVAL 0 DAY PASSWORD REQUIRE CURRENT OPTIONAL',
  'FAILED_LOGIN_ATTEMPTS 0 PASSWORD_LOCK_TIME 0',
];
