import { collationName, variableName } from '../../database/mysql-names';
import { IAM_PLUGIN_NOT_LOADED, LOCAL_FILES_DISABLED, type MysqlError } from '../protocol/mysql-errors';
import { isSuspicious, refusalOf } from './refusals';
import { tokensByStatement, tokensOf, type Token } from './tokens';

const BY_IAM = /\bIDENTIFIED\s+WITH\s+(['"`]?)AWSAuthenticationPlugin\1\s+AS\s+(['"])RDS\2/gi;
const BY_SHA2 = /\bIDENTIFIED\s+WITH\s+(['"`]?)caching_sha2_password\1\s+BY\b/gi;

/** Options that MariaDB lacks: password history, REQUIRE CURRENT, and the lock after failed logins. */
const PASSWORD_OPTIONS =
  /\s+(PASSWORD\s+HISTORY\s+(DEFAULT|\d+)|PASSWORD\s+REUSE\s+INTERVAL\s+(DEFAULT|\d+\s+DAY)|PASSWORD\s+REQUIRE\s+CURRENT(\s+(DEFAULT|OPTIONAL))?|FAILED_LOGIN_ATTEMPTS\s+\d+|PASSWORD_LOCK_TIME\s+(\d+|UNBOUNDED))\b/gi;

const ABOUT_USERS = /^\s*(CREATE|ALTER)\s+USER\b/i;

/** Variables, collations and character sets that may need translation. A statement without them is passed on unchanged. */
const MYSQL_NAMES = /\btransaction_(isolation|read_only)\b|\bversion_comment\b|_0900_|\bCHAR(ACTER)?\s*SET\b/i;

/** MySQL's default collation of utf8mb4. MariaDB has another default. */
const DEFAULT_COLLATION = 'utf8mb4_0900_ai_ci';

/** RDS's value of `version_comment`. */
const VERSION_COMMENT = "'Source distribution'";

/** Whether a statement may need translation because it is about users. */
export const isAboutUsers = (statement: string): boolean => ABOUT_USERS.test(statement);

/**
 * Translates a statement about users for MariaDB, which lacks RDS's and MySQL's plugins and some password options.
 *
 * @param iamPassword password of users with AWSAuthenticationPlugin; `undefined` if the instance has not loaded the plugin
 */
export function translateUser(statement: string, iamPassword: string | undefined): string {
  if (iamPassword === undefined && statement.search(BY_IAM) >= 0) return signal(IAM_PLUGIN_NOT_LOADED);
  return statement
    .replace(BY_IAM, `IDENTIFIED BY '${iamPassword ?? ''}'`)
    .replace(BY_SHA2, 'IDENTIFIED BY')
    .replace(PASSWORD_OPTIONS, '');
}

/** Makes a statement that fails with an error. */
const signal = ({ errno, sqlState, message }: MysqlError): string => {
  const literal = message.replaceAll('\\', '\\\\').replaceAll("'", "''");
  return `SIGNAL SQLSTATE '${sqlState}' SET MYSQL_ERRNO = ${errno}, MESSAGE_TEXT = '${literal}'`;
};

/** Replaces a statement in an SQL text, and all later ones, by a statement that fails. Earlier statements still run. */
const failAt = (statement: readonly Token[], text: string, error: MysqlError): string =>
  text.slice(0, statement[0]?.start) + signal(error);

/** Returns the SQL text, changed to fail at the first statement that MariaDB accepts but MySQL refuses; `undefined` if there is none. */
export function refuse(text: string): string | undefined {
  if (!isSuspicious(text)) return undefined;
  for (const tokens of tokensByStatement(text)) {
    const refusal = refusalOf(tokens, text);
    if (refusal) return failAt(tokens, text, refusal);
  }
  return undefined;
}

const LOADS_CLIENT_FILE = /^LOAD (DATA|XML) ((LOW_PRIORITY|CONCURRENT) )?LOCAL INFILE$/;

/**
 * Returns the SQL text, changed to fail with MySQL's error at the first statement that loads a file of the client; `undefined` if there
 * is none.
 */
export function refuseClientFile(text: string): string | undefined {
  if (!/\bINFILE\b/i.test(text)) return undefined;
  const statement = tokensByStatement(text).find((tokens) => {
    const words = tokens.slice(0, 5).map((token) => token.text.toUpperCase());
    return LOADS_CLIENT_FILE.test(words.slice(0, words.indexOf('INFILE') + 1).join(' '));
  });
  return statement && failAt(statement, text, LOCAL_FILES_DISABLED);
}

/**
 * Translates MySQL 8.4's system variables and collations to MariaDB's names, and adds MySQL's default collation to utf8mb4.
 * A variable that a SELECT returns gets an alias, so that the column has the same name as in MySQL.
 */
export function translateNames(statement: string): string {
  if (!MYSQL_NAMES.test(statement)) return statement;
  const tokens = tokensOf(statement);
  let translated = '';
  let end = 0;
  tokens.forEach((token, index) => {
    translated += statement.slice(end, token.start) + translateToken(tokens, index, token);
    end = token.start + token.text.length;
  });
  return translated + statement.slice(end);
}

function translateToken(tokens: readonly Token[], index: number, { kind, text }: Token): string {
  const before = tokens[index - 1]?.text ?? '';
  const isSetStatement = /^set$/i.test(tokens[0]?.text ?? '');
  if (kind === 'systemVariable') return isSelected(tokens, index) ? withAlias(text) : translateVariable(text);
  if (kind === 'word' && lacksCollation(tokens, index)) return `${text} COLLATE ${collationName(DEFAULT_COLLATION)}`;
  if (kind === 'word') return collationName(isSetStatement ? variableName(text) : text);
  const isCollation = /^collate$/i.test(before) || (isSetStatement && before === '=');
  return kind === 'string' && isCollation ? quoted(collationName(text.slice(1, -1)), text) : text;
}

/** Start of each statement that can define the character set of a database, table or column. */
const WITH_CHARACTER_SET = /^(CREATE|ALTER) (TEMPORARY |DATABASE |SCHEMA |TABLE )/;

/** Whether a word is the character set `utf8mb4` of a database, table or column, without a COLLATE. */
function lacksCollation(tokens: readonly Token[], index: number): boolean {
  if (!/^utf8mb4$/i.test(tokens[index]?.text ?? '')) return false;
  const words = tokens.map(({ text }) => text.toUpperCase());
  // CAST allows no COLLATE. A COLLATE within a few words may already belong to this character set.
  if (words.includes('CAST') || words.slice(Math.max(0, index - 6), index + 5).includes('COLLATE')) return false;
  const before = words.slice(0, index).join(' ');
  return WITH_CHARACTER_SET.test(before) && /\b(CHARSET|CHARACTER SET|CHAR SET)( =)?$/.test(before);
}

/** Quotes the name of a collation. Keeps the literal if the name did not need a translation. */
const quoted = (name: string, literal: string): string => (literal.slice(1, -1) === name ? literal : `'${name}'`);

function translateVariable(text: string): string {
  const [, scope = '', name = ''] = /^(@@(?:.*\.\s*)?)(.*)$/s.exec(text) ?? [];
  const plain = name.replaceAll('`', '');
  return plain.toLowerCase() === 'version_comment' ? VERSION_COMMENT : scope + variableName(plain);
}

/** Translates a variable and adds the original as alias, because MySQL names a column by its expression. */
function withAlias(text: string): string {
  const variable = translateVariable(text);
  return variable === text ? text : `${variable} AS \`${text.replaceAll('`', '')}\``;
}

/** Whether a variable is a whole column of a SELECT and has no alias. */
function isSelected(tokens: readonly Token[], index: number): boolean {
  const [before = '', after = ';'] = [tokens[index - 1]?.text, tokens[index + 1]?.text];
  return /^(select|,)$/i.test(before) && /^(,|;|from|limit)$/i.test(after);
}
