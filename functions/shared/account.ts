import mysql from 'mysql2/promise';
import type { Query } from './database';

const text = (value: string): string => mysql.escape(value);

/** An account as MySQL writes it: `'name'@'host'`. */
export const account = ({ name, host }: { readonly name: string; readonly host: string }): string =>
  `${text(name)}@${text(host)}`;

/** How a user with a password proves who it is: the password is stretched and salted, and asked for over TLS only. */
export const identifiedBy = (password: string): string => `IDENTIFIED WITH caching_sha2_password BY ${text(password)}`;

/** The hosts that a user name has accounts for. */
export async function hostsOf(query: Query, name: string): Promise<string[]> {
  const rows = await query('SELECT Host AS host FROM mysql.user WHERE User = ?', [name]);
  return rows.map((row) => String(row['host']));
}

/**
 * Runs a statement that holds a password.
 *
 * @throws Error with the server's code alone. SECURITY: MySQL quotes a statement that it refuses.
 */
export async function runConfidential(query: Query, statement: string): Promise<void> {
  await query(statement).catch((error: unknown) => {
    const { code, errno } = error as { code?: string; errno?: number };
    if (code === undefined || errno === undefined) throw error;
    throw Object.assign(new Error(`the server answered ${code} (${errno})`), { code, errno });
  });
}
