import { account } from '../shared/account';
import type { Query } from '../shared/database';

/** What the deployment remembers on the server itself, beside the databases that hold data. */
const RECORD = 'deployment.users';

/** An account that the deployment has made, or taken over. */
export interface MadeUser {
  readonly name: string;
  readonly host: string;
}

/**
 * Makes the record of users where it is missing. An earlier deployment kept none: its users are found by their names.
 *
 * @param names that the settings give to users, whether these are deployed at present or not
 */
export async function openRecord(query: Query, names: readonly string[]): Promise<void> {
  await query('CREATE DATABASE IF NOT EXISTS deployment CHARACTER SET utf8mb4');
  await query(
    `CREATE TABLE IF NOT EXISTS ${RECORD} (name VARCHAR(32) NOT NULL, host VARCHAR(255) NOT NULL, PRIMARY KEY (name, host))`,
  );
  const [recorded] = await query(`SELECT COUNT(*) AS count FROM ${RECORD}`);
  if (Number(recorded?.['count']) > 0 || names.length === 0) return;
  // One statement: all of them are adopted, or none is yet.
  await query(`INSERT INTO ${RECORD} (name, host) SELECT User, Host FROM mysql.user WHERE User IN (?)`, [names]);
}

/** Before it is made, so that a function that ends in between leaves no account that is not recorded. */
export async function record(query: Query, { name, host }: MadeUser): Promise<void> {
  await query(`INSERT IGNORE INTO ${RECORD} (name, host) VALUES (?, ?)`, [name, host]);
}

export async function forget(query: Query, { name, host }: MadeUser): Promise<void> {
  await query(`DELETE FROM ${RECORD} WHERE name = ? AND host = ?`, [name, host]);
}

/** Accounts that the deployment has made and that are none of those that it declares. SECURITY: never the master user. */
export async function undeclared(query: Query, declared: readonly MadeUser[]): Promise<MadeUser[]> {
  const kept = new Set(declared.map(account));
  // MySQL 9.7 refuses DELETE on a connection without a default database, whatever the statement names.
  await query('USE deployment');
  const rows = await query(
    `SELECT name, host FROM ${RECORD} WHERE CONCAT(name, '@', host) <> CURRENT_USER() ORDER BY name, host`,
  );
  const made = rows.map((row) => ({ name: String(row['name']), host: String(row['host']) }));
  return made.filter((user) => !kept.has(account(user)));
}
