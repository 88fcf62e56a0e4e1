import { collationName, variableName } from '../../database/mysql-names';
import { tokensOf, type Token } from './tokens';

const BY_IAM = /\bIDENTIFIED\s+WITH\s+(['"`]?)AWSAuthenticationPlugin\1\s+AS\s+(['"])RDS\2/gi;
const BY_SHA2 = /\bIDENTIFIED\s+WITH\s+(['"`]?)caching_sha2_password\1\s+BY\b/gi;

const ABOUT_USERS = /^\s*(CREATE|ALTER)\s+USER\b/i;

/** Names that MariaDB lacks; a statement without them need not be read. */
const MYSQLS_NAMES = /\btransaction_(isolation|read_only)\b|\bversion_comment\b|_0900_/i;

/** What RDS says of its build. */
const VERSION_COMMENT = "'Source distribution'";

/** Whether a statement may say something that MariaDB says in other words. */
export const isAboutUsers = (statement: string): boolean => ABOUT_USERS.test(statement);

/** Puts a statement of MySQL about RDS's and MySQL's plugins into the words of a server that lacks both. */
export function translatePlugins(statement: string, iamPassword: string): string {
  return statement.replace(BY_IAM, `IDENTIFIED BY '${iamPassword}'`).replace(BY_SHA2, 'IDENTIFIED BY');
}

/** Puts system variables and collations of MySQL 8.4 into MariaDB's names. Columns keep the names that MySQL gives them. */
export function translateNames(statement: string): string {
  if (!MYSQLS_NAMES.test(statement)) return statement;
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
  const isSet = /^set$/i.test(tokens[0]?.text ?? '');
  if (kind === 'system variable') return isSelected(tokens, index) ? aliased(text) : systemVariable(text);
  if (kind === 'word') return collationName(isSet ? variableName(text) : text);
  const isCollation = /^collate$/i.test(before) || (isSet && before === '=');
  return kind === 'string' && isCollation ? quoted(collationName(text.slice(1, -1)), text) : text;
}

/** Leaves a literal that was no collation as it was. */
const quoted = (name: string, literal: string): string => (literal.slice(1, -1) === name ? literal : `'${name}'`);

function systemVariable(text: string): string {
  const [, scope = '', name = ''] = /^(@@(?:.*\.\s*)?)(.*)$/s.exec(text) ?? [];
  const plain = name.replaceAll('`', '');
  return plain.toLowerCase() === 'version_comment' ? VERSION_COMMENT : scope + variableName(plain);
}

/** MySQL names a column by its expression, as far as it has no alias. */
function aliased(text: string): string {
  const variable = systemVariable(text);
  return variable === text ? text : `${variable} AS \`${text.replaceAll('`', '')}\``;
}

/** Whether a variable is a column of its own in the list of a SELECT, without an alias. */
function isSelected(tokens: readonly Token[], index: number): boolean {
  const [before = '', after = ';'] = [tokens[index - 1]?.text, tokens[index + 1]?.text];
  return /^(select|,)$/i.test(before) && /^(,|;|from|limit)$/i.test(after);
}
