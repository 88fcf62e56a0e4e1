import type { MariaDb } from '../database/mariadb';

/** What RDS lets the master user do; a superuser it is not. https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.MasterAccounts.html */
const PRIVILEGES = [
  'SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, RELOAD, PROCESS, REFERENCES, INDEX, ALTER, SHOW DATABASES',
  'CREATE TEMPORARY TABLES, LOCK TABLES, EXECUTE, REPLICATION SLAVE, REPLICATION CLIENT, CREATE VIEW, SHOW VIEW',
  'CREATE ROUTINE, ALTER ROUTINE, CREATE USER, EVENT, TRIGGER',
  // MariaDB's own, without which the master user could not GRANT ALL on a database.
  'DELETE HISTORY',
].join(', ');

/** Makes the master user that RDS makes with an instance, or gives the one that is there its present password. */
export async function keepMasterUser(database: MariaDb, username: string, password: string): Promise<void> {
  await database.query('CREATE USER IF NOT EXISTS ?@? IDENTIFIED BY ?', [username, '%', password]);
  await database.query('ALTER USER ?@? IDENTIFIED BY ?', [username, '%', password]);
  await database.query(`GRANT ${PRIVILEGES} ON *.* TO ?@? WITH GRANT OPTION`, [username, '%']);
}
