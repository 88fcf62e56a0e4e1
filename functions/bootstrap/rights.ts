import mysql from 'mysql2/promise';
import { account } from '../shared/account';
import type { Query } from '../shared/database';
import type { Grant, User } from './definition';

/** An identifier between backticks, which escapes what it holds. */
const name = (identifier: string): string => mysql.escapeId(identifier, true);

/** A user that has the rights it should have keeps them all the time; only surplus ones make it start anew. */
export async function setRights(query: Query, user: User): Promise<void> {
  const wanted = rightsOf(user);
  const present = await showGrants(query, user);
  if (surplusIn(present, wanted).length > 0) {
    for (const statement of revokeStatements(user, present)) await query(statement);
  }
  for (const statement of grantStatements(user)) await query(statement);

  const surplus = surplusIn(await showGrants(query, user), wanted);
  if (surplus.length > 0) throw new Error(`${user.name} still has the rights ${surplus.join('; ')}. Revoke them`);
}

async function showGrants(query: Query, user: User): Promise<string[]> {
  const rows = await query(`SHOW GRANTS FOR ${account(user)}`);
  return rows.flatMap((row) => Object.values(row as Record<string, unknown>).map(String));
}

const surplusIn = (lines: readonly string[], wanted: ReadonlySet<string>): string[] =>
  [...rightsShown(lines)].filter((right) => !wanted.has(right));

const QUOTED = '`(?:[^`]|``)+`';
const NAME = `${QUOTED}(?:@${QUOTED})?`;
const ROLES = new RegExp(`^GRANT (${NAME}(?:, ?${NAME})*) TO `);
const PROXY = new RegExp(`^GRANT (PROXY ON (?:${NAME}|'[^']*'@'[^']*')) TO `);

/**
 * Takes all rights from a user. Roles and the right to log in for others are no privileges, so they are named one by one, as the
 * server has quoted them.
 */
export function revokeStatements(user: User, lines: readonly string[]): string[] {
  const others = lines.map((line) => (ROLES.exec(line) ?? PROXY.exec(line))?.[1]).filter((what) => what !== undefined);
  return [...others, 'ALL PRIVILEGES, GRANT OPTION'].map((what) => `REVOKE ${what} FROM ${account(user)}`);
}

function grantStatements(user: User): string[] {
  return user.grants.map((grant) => `GRANT ${privilegesOf(grant)} ON ${objectOf(grant)} TO ${account(user)}`);
}

/** Each right of a user as one comparable text. */
export function rightsOf(user: User): Set<string> {
  return new Set(user.grants.map((grant) => comparable(`GRANT ${privilegesOf(grant)} ON ${objectOf(grant)}`)));
}

/**
 * The rights in the lines of SHOW GRANTS. USAGE is MySQL's word for none; MariaDB shows a default role also where the role itself
 * is revoked, and it has no effect then.
 */
export function rightsShown(lines: readonly string[]): Set<string> {
  return new Set(lines.filter((line) => !/^(GRANT USAGE ON \*\.\*|SET DEFAULT ROLE )/.test(line)).map(comparable));
}

/** Servers differ in blanks and quotes, and list privileges and columns in an order of their own. */
function comparable(grant: string): string {
  const [, privileges = grant, object = ''] = /^GRANT (.*?) ON (.*?)(?: TO .*)?$/s.exec(plain(grant)) ?? [];
  const passedOn = grant.includes('WITH GRANT OPTION') ? ' and may pass it on' : '';
  // A comma between parentheses parts columns, not privileges.
  const sorted = privileges
    .split(/, (?![^(]*\))/)
    .map(sortColumns)
    .sort();
  return `${sorted.join(', ')} on ${object}${passedOn}`;
}

const plain = (words: string): string => words.replaceAll('`', '').replace(/\s*,\s*/g, ', ');

const sortColumns = (privilege: string): string =>
  privilege.replace(/\((.*)\)/, (_all, columns: string) => `(${columns.split(', ').sort().join(', ')})`);

function privilegesOf({ privileges, columns }: Grant): string {
  const of = columns ? ` (${columns.map(name).join(', ')})` : '';
  return privileges.map((privilege) => `${privilege}${of}`).join(', ');
}

/**
 * SECURITY: in a grant on a whole database, and only there, `_` and `%` in its name are wildcards: `my_app` would include
 * `myXapp`. https://dev.mysql.com/doc/refman/8.4/en/grant.html
 */
function objectOf({ on: [database, table] }: Grant): string {
  return table === '*' ? `${name(database.replace(/[_%\\]/g, '\\$&'))}.*` : `${name(database)}.${name(table)}`;
}
