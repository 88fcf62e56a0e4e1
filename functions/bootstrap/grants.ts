import mysql from 'mysql2/promise';
import type { Query } from '../shared/database/database';
import { account } from '../shared/users/account';
import type { Grant, User } from './definition';

/** Quotes and escapes an identifier. */
const quoted = (identifier: string): string => mysql.escapeId(identifier, true);

/** Gives a user exactly its declared grants. If the user has an undeclared grant, first revokes every grant of the user. */
export async function setGrants(query: Query, user: User): Promise<void> {
  const grants = grantsOf(user, await readNameMatching(query));
  const before = await showGrants(query, user);
  if (surplusIn(before, grants).length > 0) {
    for (const statement of revokeStatements(user, before)) await query(statement);
  }
  for (const grant of grants) await query(`${grant} TO ${account(user)}`);

  const surplus = surplusIn(await showGrants(query, user), grants);
  if (surplus.length > 0)
    throw new Error(
      `The user '${user.name}' still has grants that are not declared: ${surplus.join('; ')}. Revoke them and deploy again.`,
    );
}

/** How the server reads the database name in a grant on `database.*`: with wildcards, or literally. */
type NameMatching = 'pattern' | 'literal';

/**
 * Reads how the server compares database names. With `partial_revokes` it compares them character by character, so a grant on
 * `my\_app` would not apply to `my_app`. MariaDB lacks the variable and matches by pattern.
 *
 * https://dev.mysql.com/doc/refman/8.4/en/partial-revokes.html
 */
async function readNameMatching(query: Query): Promise<NameMatching> {
  const [variable] = await query("SHOW GLOBAL VARIABLES LIKE 'partial_revokes'");
  return variable?.['Value'] === 'ON' ? 'literal' : 'pattern';
}

async function showGrants(query: Query, user: User): Promise<string[]> {
  const rows = await query(`SHOW GRANTS FOR ${account(user)}`);
  return rows.flatMap((row) => Object.values(row as Record<string, unknown>).map(String));
}

const QUOTED = '`(?:[^`]|``)+`';
const NAME = `${QUOTED}(?:@${QUOTED})?`;
const ROLES = new RegExp(`^GRANT (${NAME}(?:, ?${NAME})*) TO `);
const PROXY = new RegExp(`^GRANT (PROXY ON (?:${NAME}|'[^']*'@'[^']*')) TO `);

/**
 * Returns the statements that revoke everything from a user. ALL PRIVILEGES covers neither roles nor PROXY grants, so
 * further statements revoke these by name.
 */
export function revokeStatements(user: User, lines: readonly string[]): string[] {
  const rolesAndProxyGrants = lines
    .map((line) => (ROLES.exec(line) ?? PROXY.exec(line))?.[1])
    .filter((grant) => grant !== undefined);
  return [...rolesAndProxyGrants, 'ALL PRIVILEGES, GRANT OPTION'].map(
    (grant) => `REVOKE ${grant} FROM ${account(user)}`,
  );
}

/** Returns the declared grants of a user, each as a statement without its end `TO …`. */
const grantsOf = ({ grants }: User, matching: NameMatching): string[] =>
  grants.map((grant) => `GRANT ${privilegesOf(grant)} ON ${objectOf(grant, matching)}`);

/** A line of SHOW GRANTS that allows nothing: USAGE means no privileges, and WITH GRANT OPTION is absent. */
const NO_GRANT = /^GRANT USAGE ON \*\.\* (?!.* WITH GRANT OPTION)/;

/**
 * Returns the undeclared grants among the lines of SHOW GRANTS, each as one comparable text. Skips default roles: MariaDB
 * still shows a default role after the role is revoked. Such a default role has no effect.
 */
export function surplusIn(lines: readonly string[], declared: readonly string[]): string[] {
  const expected = new Set(declared.map(comparable));
  const shown = lines.filter((line) => !NO_GRANT.test(line) && !line.startsWith('SET DEFAULT ROLE ')).map(comparable);
  return shown.filter((grant) => !expected.has(grant));
}

/** Normalises spaces, quotes and order, in which servers differ. */
function comparable(grant: string): string {
  const [, privileges = grant, object = ''] = /^GRANT (.*?) ON (.*?)(?: TO .*)?$/s.exec(unquoted(grant)) ?? [];
  const grantOption = grant.includes('WITH GRANT OPTION') ? ' with grant option' : '';
  // A comma inside parentheses separates columns, not privileges.
  const sorted = privileges
    .split(/, (?![^(]*\))/)
    .map(sortColumns)
    .sort();
  return `${sorted.join(', ')} on ${object}${grantOption}`;
}

const unquoted = (grant: string): string => grant.replaceAll('`', '').replace(/\s*,\s*/g, ', ');

const sortColumns = (privilege: string): string =>
  privilege.replace(/\((.*)\)/, (_all, columns: string) => `(${columns.split(', ').sort().join(', ')})`);

function privilegesOf({ privileges, columns }: Grant): string {
  const columnList = columns ? ` (${columns.map(quoted).join(', ')})` : '';
  return privileges.map((privilege) => `${privilege}${columnList}`).join(', ');
}

/**
 * SECURITY: in a grant on a whole database, and only there, `_` and `%` are wildcards if the server matches by pattern. Unescaped,
 * `my_app` would include `myXapp`. https://dev.mysql.com/doc/refman/8.4/en/grant.html
 */
function objectOf({ on: [database, table] }: Grant, matching: NameMatching): string {
  if (table !== '*') return `${quoted(database)}.${quoted(table)}`;
  return `${quoted(matching === 'pattern' ? database.replace(/[_%\\]/g, '\\$&') : database)}.*`;
}
