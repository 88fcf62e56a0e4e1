import mysql from 'mysql2/promise';
import { account, identifiedBy } from '../shared/account';
import type { Grant, User } from './definition';

/** An identifier between backticks, which escapes what it holds. */
const name = (identifier: string): string => mysql.escapeId(identifier, true);

const text = (value: string): string => mysql.escape(value);

/** The first rows of `items`, so that a new deployment has something to show. */
const FIRST_ITEMS = ['notebook', 'pencil', 'eraser', 'ruler'];

/**
 * SECURITY: RDS makes the master user for every host, and without this it would log in without TLS wherever the server
 * does not require TLS of everyone, from the internet too where the instance is public.
 *
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/mysql-ssl-connections.require-ssl-users.html
 */
export const MASTER_REQUIRES_TLS = 'ALTER USER CURRENT_USER() REQUIRE SSL';

/** Makes the database and its tables where they are missing. */
export function schemaStatements(database: string): string[] {
  const table = (tableName: string): string => `${name(database)}.${name(tableName)}`;
  return [
    `CREATE DATABASE IF NOT EXISTS ${name(database)} CHARACTER SET utf8mb4`,
    // In the order in which it is read, newest first; nothing else is needed to find a page.
    `CREATE TABLE IF NOT EXISTS ${table('timestamps')} (
       time DATETIME(3) NOT NULL,
       id BINARY(16) NOT NULL,
       PRIMARY KEY (time, id)
     )`,
    `CREATE TABLE IF NOT EXISTS ${table('items')} (
       id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
       name VARCHAR(100) NOT NULL UNIQUE
     )`,
  ];
}

/** The first rows of an empty table `items`. */
export function firstItemsStatement(database: string): string {
  const rows = FIRST_ITEMS.map((item) => `(${text(item)})`).join(', ');
  return `INSERT INTO ${name(database)}.${name('items')} (name) VALUES ${rows}`;
}

export function countItemsStatement(database: string): string {
  return `SELECT COUNT(*) AS count FROM ${name(database)}.${name('items')}`;
}

/**
 * Makes a user where it is missing, and repairs everything but the password of one that is there: a user that was right
 * before can log in all the time, with its old password too.
 */
export function userStatements(user: User, password: string | undefined): string[] {
  const iam = "IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS'";
  // SECURITY: a token must not travel in the clear, whatever the server's settings are.
  const tls = user.login === 'iam' ? 'REQUIRE SSL' : 'REQUIRE NONE';
  const limits = `${tls} WITH MAX_USER_CONNECTIONS ${user.maxUserConnections} ACCOUNT UNLOCK`;
  return [
    `CREATE USER IF NOT EXISTS ${account(user)} ${password === undefined ? iam : identifiedBy(password)} ${limits}`,
    `ALTER USER ${account(user)} ${password === undefined ? `${iam} ` : ''}${limits}`,
  ];
}

/** Gives a user the one password that it should have. SECURITY: no other one stays valid. */
export function onlyPasswordStatements(user: User, password: string): string[] {
  return [`ALTER USER ${account(user)} ${identifiedBy(password)}`, `ALTER USER ${account(user)} DISCARD OLD PASSWORD`];
}

/** Removes an account; the same name at another host is another account. */
export function dropStatement(userName: string, host: string): string {
  return `DROP USER ${account({ name: userName, host })}`;
}

export function showGrantsStatement(user: User): string {
  return `SHOW GRANTS FOR ${account(user)}`;
}

export function revokeAllStatement(user: User): string {
  return `REVOKE ALL PRIVILEGES, GRANT OPTION FROM ${account(user)}`;
}

export function grantStatements(user: User): string[] {
  return user.grants.map((grant) => `GRANT ${privilegesOf(grant)} ON ${objectOf(grant)} TO ${account(user)}`);
}

/** Each right of a user as one comparable text. */
export function rightsOf(user: User): Set<string> {
  return new Set(user.grants.map((grant) => comparable(`GRANT ${privilegesOf(grant)} ON ${objectOf(grant)}`)));
}

/** The rights in the lines of SHOW GRANTS. USAGE is MySQL's word for none. */
export function rightsShown(lines: readonly string[]): Set<string> {
  return new Set(lines.filter((line) => !line.startsWith('GRANT USAGE ON *.*')).map(comparable));
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
