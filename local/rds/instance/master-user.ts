import type { MariaDb } from '../../database/mariadb';

/**
 * The privileges of RDS's master user, which is not a superuser: it lacks FILE and SUPER, and can read but not write the
 * tables of `mysql`. MariaDB cannot revoke a global privilege for one database. So the privileges to write are granted
 * on the database pattern `%`. For the database `mysql`, the grant on `mysql.*` replaces the one on the pattern.
 *
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.MasterAccounts.html
 */
const GRANTS = [
  'GRANT SELECT, RELOAD, PROCESS, SHOW DATABASES, REPLICATION SLAVE, REPLICATION CLIENT, CREATE USER ON *.* TO ?@? WITH GRANT OPTION',
  'GRANT ALL PRIVILEGES ON `%`.* TO ?@? WITH GRANT OPTION',
  'GRANT SELECT, EXECUTE ON mysql.* TO ?@?',
];

/**
 * Lets the master user end the connections of other users. KILL would need a privilege that the master user lacks.
 *
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/mysql-stored-proc-ending.html
 */
const RDS_KILL = `CREATE OR REPLACE DEFINER = root@localhost PROCEDURE mysql.rds_kill(IN thread BIGINT)
  SQL SECURITY DEFINER EXECUTE IMMEDIATE CONCAT('KILL ', thread)`;

/** Creates the master user and `rds_kill`, as RDS does for a new instance. If the user exists, updates its password and grants. */
export async function createOrUpdateMasterUser(database: MariaDb, username: string, password: string): Promise<void> {
  const account = [username, '%'];
  await database.query('CREATE USER IF NOT EXISTS ?@? IDENTIFIED BY ?', [...account, password]);
  await database.query('ALTER USER ?@? IDENTIFIED BY ?', [...account, password]);
  await database.query(RDS_KILL);
  for (const grant of GRANTS) await database.query(grant, account);
}
