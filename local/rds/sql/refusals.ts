import { largeDefault, parseError, type MysqlError } from '../protocol/mysql-errors';
import { tokensOf, textsOf, type Token } from './tokens';

/** The tokens of one statement, and their texts as {@link textsOf} returns them. */
interface Statement {
  readonly tokens: readonly Token[];
  readonly words: readonly string[];
}

/** Returns the index of the token that MySQL refuses; -1 if there is none. */
type Rule = (statement: Statement) => number;

/**
 * Start of a comment that a server executes. MariaDB and MySQL execute different comments, so a text with such a comment is never
 * refused.
 */
const EXECUTED_COMMENT = /\/\*M?!/;

/** Words that MySQL allows unquoted only before a parenthesis. */
const ONLY_BEFORE_PARENTHESIS = new Set([
  'CUME_DIST',
  'DENSE_RANK',
  'FIRST_VALUE',
  'GROUPING',
  'JSON_TABLE',
  'LAG',
  'LAST_VALUE',
  'LATERAL',
  'LEAD',
  'NTH_VALUE',
  'NTILE',
  'PERCENT_RANK',
  'RANK',
  'ROW_NUMBER',
]);

/** Other words that MySQL reserves and MariaDB does not. Each function returns whether MySQL allows the word `words[index]`. */
const RESERVED: Readonly<Record<string, (words: readonly string[], index: number) => boolean>> = {
  CUBE: () => false,
  EMPTY: (words, index) => words[index - 1] === 'ON',
  // Allowed as the unit of a window's frame.
  GROUPS: (words) => words.includes('OVER') || words.includes('WINDOW'),
  MANUAL: (words, index) => words[index + 1] === 'UPDATE',
  PARALLEL: (words) => words[0] === 'LOAD',
  // Allowed before an expression, as the start of a QUALIFY clause.
  QUALIFY: (words, index) => !/^[,)=;]?$/.test(words[index + 1] ?? ''),
  // CREATE SPATIAL REFERENCE SYSTEM, TABLESAMPLE SYSTEM, SET time_zone = SYSTEM
  SYSTEM: (words, index) => words[0] === 'SET' || /^(REFERENCE|TABLESAMPLE)$/.test(words[index - 1] ?? ''),
  TABLESAMPLE: (words, index) => /^(BERNOULLI|SYSTEM)$/.test(words[index + 1] ?? ''),
  WINDOW: (words, index) => words[index + 2] === 'AS',
};

/** Words that the rules other than `reservedWord` look for. */
const OTHER_WORDS = ['IF', 'REPLACE', 'UUID', 'INET[46]', 'RETURNING', 'DEFAULT'];

/** Only a statement with one of these words can be refused. */
const SUSPICIOUS = new RegExp(
  `\\b(${[...OTHER_WORDS, ...ONLY_BEFORE_PARENTHESIS, ...Object.keys(RESERVED)].join('|')})\\b`,
  'i',
);

const reservedWord: Rule = ({ tokens, words }) =>
  words.findIndex((word, index) => {
    // A word after a period is a name, reserved or not.
    if (tokens[index]?.kind !== 'word' || words[index - 1] === '.') return false;
    if (ONLY_BEFORE_PARENTHESIS.has(word)) return words[index + 1] !== '(';
    return RESERVED[word]?.(words, index) === false;
  });

/** ALTER TABLE, CREATE INDEX and DROP INDEX have no IF [NOT] EXISTS in MySQL. The rule ignores the function IF(…). */
const ifExists: Rule = ({ words }) => {
  const isAboutTable = /^(ALTER TABLE|(CREATE|DROP) (\w+ )?INDEX) /.test(`${words.slice(0, 3).join(' ')} `);
  return isAboutTable ? words.findIndex((word, at) => word === 'IF' && /^(NOT|EXISTS)$/.test(words[at + 1] ?? '')) : -1;
};

const REPLACEABLE_IN_MARIADB = new Set([
  'TABLE',
  'TEMPORARY',
  'DATABASE',
  'SCHEMA',
  'INDEX',
  'UNIQUE',
  'FULLTEXT',
  'USER',
  'ROLE',
  'SEQUENCE',
  'SERVER',
  'PROCEDURE',
  'FUNCTION',
  'AGGREGATE',
  'PACKAGE',
  'TRIGGER',
  'EVENT',
]);

const createOrReplace: Rule = ({ words }) =>
  words.slice(0, 3).join(' ') === 'CREATE OR REPLACE' && REPLACEABLE_IN_MARIADB.has(words[3] ?? '') ? 3 : -1;

/** Words that can begin a definition but are not the name of a column: `KEY by_name (name)`. */
const NO_COLUMN = new Set([
  'KEY',
  'INDEX',
  'UNIQUE',
  'FULLTEXT',
  'SPATIAL',
  'PRIMARY',
  'FOREIGN',
  'CONSTRAINT',
  'CHECK',
  'REFERENCES',
  'COLUMN',
  'PARTITION',
  'SUBPARTITION',
  'LIKE',
  'PERIOD',
]);

/** Returns the token indexes of the column types in a statement that defines columns. Omits each word that is not certainly a type. */
function columnTypes({ tokens, words }: Statement): number[] {
  const isTable = words[1] === 'TABLE' || (words[1] === 'TEMPORARY' && words[2] === 'TABLE');
  if (!/^(CREATE|ALTER)$/.test(words[0] ?? '') || !isTable) return [];
  const select = words.indexOf('SELECT');
  return words.flatMap((_word, index) => {
    if (select >= 0 && index > select) return [];
    const [name, beforeName = '', earlier = ''] = [tokens[index - 1], words[index - 2], words[index - 3]];
    const isName = name?.kind === 'identifier' || (name?.kind === 'word' && !NO_COLUMN.has(words[index - 1] ?? ''));
    const beginsColumn =
      /^([(,]|ADD|MODIFY)$/.test(beforeName) || (beforeName === 'COLUMN' && /^(ADD|MODIFY)$/.test(earlier));
    return tokens[index]?.kind === 'word' && isName && beginsColumn ? [index] : [];
  });
}

const typeOfMariaDb: Rule = (statement) => {
  const { words } = statement;
  return columnTypes(statement).find((at) => /^(UUID|INET[46])$/.test(words[at] ?? '') && words[at + 1] !== '(') ?? -1;
};

/** MySQL requires parentheses around a function as default, except for the functions of the current time. */
const functionAsDefault: Rule = ({ tokens, words }) => {
  if (!/^(CREATE|ALTER)$/.test(words[0] ?? '') || !words.slice(1, 3).includes('TABLE')) return -1;
  const index = words.findIndex(
    (word, at) =>
      word === 'DEFAULT' &&
      tokens[at + 1]?.kind === 'word' &&
      words[at + 2] === '(' &&
      !/^(CURRENT_TIMESTAMP|NOW|LOCALTIME|LOCALTIMESTAMP)$/.test(words[at + 1] ?? ''),
  );
  return index < 0 ? -1 : index + 1;
};

/** If one of these words follows RETURNING, RETURNING is a name. */
const AFTER_A_NAME = /^(WHERE|ORDER|LIMIT|USING|FROM|SET|VALUES|VALUE|ON|AS|PARTITION)$/;

/** Finds RETURNING after a value in an INSERT, REPLACE or DELETE without SELECT. Anywhere else, RETURNING may be a name. */
const returning: Rule = ({ tokens, words }) => {
  if (!/^(INSERT|REPLACE|DELETE)$/.test(words[0] ?? '') || words.includes('SELECT')) return -1;
  return words.findIndex((word, index) => {
    const [before, after] = [tokens[index - 1], tokens[index + 1]];
    if (word !== 'RETURNING' || tokens[index]?.kind !== 'word') return false;
    const followsValue = before !== undefined && (/^(number|string)$/.test(before.kind) || /^[)?]$/.test(before.text));
    const isName = after?.kind === 'word' && AFTER_A_NAME.test(words[index + 1] ?? '');
    return followsValue && (after?.text === '*' || after?.kind === 'identifier' || (after?.kind === 'word' && !isName));
  });
};

const LARGE_TYPE = /^((TINY|MEDIUM|LONG)?(TEXT|BLOB)|JSON)$/;

/** Finds a TEXT, BLOB or JSON column with a literal default. Returns the index of the column's name. */
const defaultOfLarge: Rule = (statement) => {
  const { tokens, words } = statement;
  const type = columnTypes(statement).find((at) => {
    if (!LARGE_TYPE.test(words[at] ?? '')) return false;
    for (let index = at + 1, depth = 0; index < words.length; index += 1) {
      if (words[index] === '(') depth += 1;
      if (words[index] === ')') depth -= 1;
      if (depth < 0 || (depth === 0 && words[index] === ',')) return false;
      if (words[index] === 'DEFAULT') return /^(string|number)$/.test(tokens[index + 1]?.kind ?? '');
    }
    return false;
  });
  return type === undefined ? -1 : type - 1;
};

/** The rules for syntax that MySQL does not know. */
const SYNTAX: readonly Rule[] = [ifExists, createOrReplace, typeOfMariaDb, functionAsDefault, returning, reservedWord];

/** Whether a text may contain a statement that MySQL refuses. */
export const isSuspicious = (text: string): boolean => SUSPICIOUS.test(text) && !EXECUTED_COMMENT.test(text);

/** MySQL quotes at most this many characters of a statement. */
const LONGEST_EXCERPT = 80;

/** Returns MySQL 8.4's error for a statement that MariaDB would accept; `undefined` if these rules find none. */
export function refusalOf(tokens: readonly Token[], text: string): MysqlError | undefined {
  const statement = { tokens, words: textsOf(tokens) };
  for (const rule of SYNTAX) {
    const token = tokens[rule(statement)];
    if (token) return parseError(text.slice(token.start, token.start + LONGEST_EXCERPT), lineOf(token, text));
  }
  const column = tokens[defaultOfLarge(statement)];
  return column && largeDefault(column.text.replaceAll('`', ''));
}

/** Returns the line of a token in its statement. MySQL does not count the white space before the statement. */
function lineOf({ start }: Token, text: string): number {
  const semicolon = tokensOf(text).findLast((token) => token.text === ';' && token.start < start);
  const before = text.slice(semicolon ? semicolon.start + 1 : 0, start);
  return before.trimStart().split('\n').length;
}
