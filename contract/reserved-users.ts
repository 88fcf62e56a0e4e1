/** Users and roles that MySQL, RDS, the deployment or the MariaDB of `npm start` already has, in lower case. */
const RESERVED = new Set([
  'admin',
  'event_scheduler',
  'mysql',
  'public',
  'rds_superuser_role',
  'rdsadmin',
  'rdsproxyadmin',
  'rdsrepladmin',
  'rdstopmgr',
  'root',
]);

/**
 * Accounts that the server creates for its own use: `mysql.…` on RDS, and `mariadb.…` in the MariaDB of `npm start`.
 *
 * https://dev.mysql.com/doc/refman/8.4/en/reserved-accounts.html
 */
const ACCOUNTS_OF_THE_SERVER = /^(mysql|mariadb)[.]/;

/** Returns whether a name is reserved, ignoring case. No environment can declare a user with a reserved name. */
export const isReservedUser = (name: string): boolean =>
  RESERVED.has(name.toLowerCase()) || ACCOUNTS_OF_THE_SERVER.test(name.toLowerCase());
