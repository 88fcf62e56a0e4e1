import { account, identifiedBy } from '../shared/account';
import type { User } from './definition';

/**
 * SECURITY: RDS makes the master user for every host, and without this it would log in without TLS wherever the server
 * does not require TLS of everyone, from the internet too where the instance is public.
 *
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/mysql-ssl-connections.require-ssl-users.html
 */
export const MASTER_REQUIRES_TLS = 'ALTER USER CURRENT_USER() REQUIRE SSL';

/**
 * Makes a user where it is missing, and repairs everything but the password of one that is there: a user that was right
 * before can log in all the time, with its old password too.
 */
export function userStatements(user: User, password: string | undefined): string[] {
  const iam = "IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS'";
  // SECURITY: a token must not travel in the clear, whatever the server's settings are.
  const tls = user.login === 'iam' ? 'REQUIRE SSL' : 'REQUIRE NONE';
  const options = [tls, ...limits(user), ...PASSWORD_OPTIONS, 'ACCOUNT UNLOCK'].join(' ');
  return [
    `CREATE USER IF NOT EXISTS ${account(user)} ${password === undefined ? iam : identifiedBy(password)} ${options}`,
    `ALTER USER ${account(user)} ${password === undefined ? `${iam} ` : ''}${options}`,
  ];
}

/** Every limit by name: what is left out stays as a person has set it. */
const limits = ({ maxUserConnections }: User): string[] => [
  'WITH MAX_QUERIES_PER_HOUR 0 MAX_UPDATES_PER_HOUR 0 MAX_CONNECTIONS_PER_HOUR 0',
  `MAX_USER_CONNECTIONS ${maxUserConnections}`,
];

/**
 * Passwords are rotated by Secrets Manager alone. A history would refuse the one of the secret a second time.
 *
 * https://dev.mysql.com/doc/refman/8.4/en/alter-user.html#alter-user-password-management
 */
const PASSWORD_OPTIONS = [
  'PASSWORD EXPIRE NEVER PASSWORD HISTORY 0 PASSWORD REUSE INTERVAL 0 DAY PASSWORD REQUIRE CURRENT OPTIONAL',
  'FAILED_LOGIN_ATTEMPTS 0 PASSWORD_LOCK_TIME 0',
];

/** Gives a user the one password that it should have. SECURITY: no other one stays valid. */
export function onlyPasswordStatements(user: User, password: string): string[] {
  return [`ALTER USER ${account(user)} ${identifiedBy(password)}`, `ALTER USER ${account(user)} DISCARD OLD PASSWORD`];
}

/** Removes an account; the same name at another host is another account. */
export function dropStatement(userName: string, host: string): string {
  return `DROP USER ${account({ name: userName, host })}`;
}

/** The plugin that an account logs in by. */
export const PLUGIN = 'SELECT plugin FROM mysql.user WHERE User = ? AND Host = ?';
