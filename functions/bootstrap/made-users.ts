import type { Query } from '../shared/database/database';
import { account, type Account } from '../shared/users/account';

/** Table of the accounts that the deployment has made or adopted. The database `deployment` contains only this table. */
const USERS_TABLE = 'deployment.users';

/** Names of users are case-sensitive. https://dev.mysql.com/doc/refman/8.4/en/user-names.html */
const NAME_COLUMN = 'name VARCHAR(32) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL';

/**
 * Creates the record of users if it is missing. While the record is empty, adopts the users of an older deployment, which kept no
 * record.
 *
 * @param names names of the users that such a deployment may have created
 */
export async function prepareRecord(query: Query, names: readonly string[]): Promise<void> {
  await query('CREATE DATABASE IF NOT EXISTS deployment CHARACTER SET utf8mb4');
  await query(
    `CREATE TABLE IF NOT EXISTS ${USERS_TABLE} (${NAME_COLUMN}, host VARCHAR(255) NOT NULL, PRIMARY KEY (name, host))`,
  );
  // An earlier version of this function created the column with a collation that ignores case.
  const [ignoringCase] = await query(
    `SELECT 1 FROM information_schema.COLUMNS
     WHERE TABLE_SCHEMA = 'deployment' AND TABLE_NAME = 'users' AND COLUMN_NAME = 'name' AND COLLATION_NAME <> 'utf8mb4_bin'`,
  );
  if (ignoringCase !== undefined) await query(`ALTER TABLE ${USERS_TABLE} MODIFY ${NAME_COLUMN}`);
  const [recorded] = await query(`SELECT COUNT(*) AS count FROM ${USERS_TABLE}`);
  if (Number(recorded?.['count']) > 0 || names.length === 0) return;
  // One statement, so that an interrupted run has adopted all of them or none.
  await query(`INSERT INTO ${USERS_TABLE} (name, host) SELECT User, Host FROM mysql.user WHERE User IN (?)`, [names]);
}

/** Records an account. Call this before the account is made, so that an interrupted run leaves no unrecorded account. */
export async function record(query: Query, { name, host }: Account): Promise<void> {
  await query(`INSERT IGNORE INTO ${USERS_TABLE} (name, host) VALUES (?, ?)`, [name, host]);
}

/** Removes an account from the record. */
export async function forget(query: Query, { name, host }: Account): Promise<void> {
  await query(`DELETE FROM ${USERS_TABLE} WHERE name = ? AND host = ?`, [name, host]);
}

/** Lists the accounts in the record that are no longer declared. SECURITY: the list leaves out the master user, who runs this query. */
export async function undeclaredAccounts(query: Query, declared: readonly Account[]): Promise<Account[]> {
  const kept = new Set(declared.map(account));
  // `forget` runs later on this connection. Without a default database, MySQL 9.7 refuses the DELETE in `forget`, although the
  // statement names the database.
  await query('USE deployment');
  const rows = await query(
    `SELECT name, host FROM ${USERS_TABLE} WHERE CONCAT(name, '@', host) <> CURRENT_USER() ORDER BY name, host`,
  );
  const made = rows.map((row) => ({ name: String(row['name']), host: String(row['host']) }));
  return made.filter((user) => !kept.has(account(user)));
}
