import mysql from 'mysql2/promise';
import type { Query } from '../database/database';

/** A MySQL account: a user name, and the addresses that it may log in from. */
export interface Account {
  readonly name: string;
  readonly host: string;
}

/** Writes an account in MySQL's notation: `'name'@'host'`. */
export const account = ({ name, host }: Account): string => `${mysql.escape(name)}@${mysql.escape(host)}`;

/** Writes the clause that sets a password. `caching_sha2_password` stores it salted, and clients send it only hashed or encrypted. */
export const identifiedBy = (password: string): string =>
  `IDENTIFIED WITH caching_sha2_password BY ${mysql.escape(password)}`;

/** Lists the hosts for which a user name has accounts. */
export async function hostsOf(query: Query, name: string): Promise<string[]> {
  const rows = await query('SELECT Host AS host FROM mysql.user WHERE User = ?', [name]);
  return rows.map((row) => String(row['host']));
}

/**
 * Runs a statement that holds a password.
 *
 * @throws Error with only the code and number, if the server answered with an error. SECURITY: MySQL's message quotes the password.
 * @throws any other failure unchanged.
 */
export async function runConfidential(query: Query, statement: string): Promise<void> {
  await query(statement).catch((error: unknown) => {
    const { code, errno } = error as { code?: string; errno?: number };
    // Only the server's errors have a number above 0. Network errors of Node.js have a negative one, and the driver's own errors none.
    if (errno === undefined || errno < 0) throw error;
    // The driver has no code for some numbers, such as those of RDS Proxy.
    throw Object.assign(new Error(`the server answered ${code ?? 'an error'} (${errno})`), { code, errno });
  });
}
