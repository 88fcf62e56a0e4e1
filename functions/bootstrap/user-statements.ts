import { account, identifiedBy } from '../shared/users/account';
import type { User } from './definition';

/**
 * SECURITY: RDS creates the master user for every host. Without this statement the master user could log in without TLS,
 * unless the server requires TLS of all users. If the instance is public, the user could do so from the internet.
 *
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/mysql-ssl-connections.require-ssl-users.html
 */
export const MASTER_REQUIRES_TLS = 'ALTER USER CURRENT_USER() REQUIRE SSL';

/**
 * Returns the statements that create a missing user and repair an existing one. If the user logs in by password, they change no
 * existing password, so a user that needs no repair can log in throughout, also with its previous password.
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

/** Names every limit, because a person may have set one and ALTER USER does not change a limit that it omits. */
const limits = ({ maxUserConnections }: User): string[] => [
  'WITH MAX_QUERIES_PER_HOUR 0 MAX_UPDATES_PER_HOUR 0 MAX_CONNECTIONS_PER_HOUR 0',
  `MAX_USER_CONNECTIONS ${maxUserConnections}`,
];

/**
 * Only Secrets Manager rotates passwords. A password history would reject the secret's password the second time it is set.
 *
 * https://dev.mysql.com/doc/refman/8.4/en/alter-user.html#alter-user-password-management
 */
const PASSWORD_OPTIONS = [
  'PASSWORD EXPIRE NEVER PASSWORD HISTORY 0 PASSWORD REUSE INTERVAL 0 DAY PASSWORD REQUIRE CURRENT OPTIONAL',
  'FAILED_LOGIN_ATTEMPTS 0 PASSWORD_LOCK_TIME 0',
];
