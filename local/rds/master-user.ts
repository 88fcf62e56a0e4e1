import type { MariaDb } from '../database/mariadb';

/**
 * What RDS grants its master user, who is no superuser: FILE and SUPER are missing, and the tables of `mysql` can be read
 * but not written. MariaDB has no partial revokes, so the privileges on data are those of a pattern of databases, which
 * those of `mysql` take precedence over.
 *
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.MasterAccounts.html
 */
const GRANTS = [
  'GRANT SELECT, RELOAD, PROCESS, SHOW DATABASES, REPLICATION SLAVE, REPLICATION CLIENT, CREATE USER ON *.* TO ?@? WITH GRANT OPTION',
  'GRANT ALL PRIVILEGES ON `%`.* TO ?@? WITH GRANT OPTION',
  'GRANT SELECT, EXECUTE ON mysql.* TO ?@?',
];

/** Makes the master user that RDS makes with an instance, or gives the one that is there its present password. */
export async function keepMasterUser(database: MariaDb, username: string, password: string): Promise<void> {
  const account = [username, '%'];
  await database.query('CREATE USER IF NOT EXISTS ?@? IDENTIFIED BY ?', [...account, password]);
  await database.query('ALTER USER ?@? IDENTIFIED BY ?', [...account, password]);
  for (const grant of GRANTS) await database.query(grant, account);
}
