import { isSuspicious, refusalOf } from '../../../rds/sql/refusals';
import { tokensByStatement } from '../../../rds/sql/tokens';

/** Returns MySQL's error for the last statement of a text; `undefined` if the statement is not refused. */
function errorFor(text: string) {
  return isSuspicious(text) ? refusalOf(tokensByStatement(text).at(-1) ?? [], text) : undefined;
}

describe('a statement that MySQL 8.4 refuses and MariaDB accepts', () => {
  it.each([
    ['ALTER TABLE t ADD COLUMN IF NOT EXISTS a INT', 'IF NOT EXIST'],
    ['alter table t drop column if exists a', 'if exists a'],
    ['CREATE UNIQUE INDEX IF NOT EXISTS i ON t (a)', 'IF NOT EXIST'],
    ['DROP INDEX IF EXISTS i ON t', 'IF EXISTS i '],
    ['CREATE OR REPLACE TABLE t (a INT)', 'TABLE t (a I'],
    ['CREATE TABLE t (id UUID PRIMARY KEY)', 'UUID PRIMARY'],
    ['ALTER TABLE t ADD COLUMN address INET6', 'INET6'],
    ['CREATE TABLE t (id CHAR(36) DEFAULT uuid())', 'uuid())'],
    ['INSERT INTO t (a) VALUES (1) RETURNING id', 'RETURNING id'],
    ['DELETE FROM t WHERE a = ? RETURNING *', 'RETURNING *'],
    ['CREATE TABLE groups (a INT)', 'groups (a IN'],
    ['CREATE TABLE t (a INT, rank INT)', 'rank INT)'],
    ['SELECT system FROM t', 'system FROM '],
    ['SELECT a AS lateral FROM t', 'lateral FROM'],
    ['SELECT manual, qualify FROM t', 'manual, qual'],
    ['SELECT a, qualify, b FROM t', 'qualify, b F'],
    ['SELECT parallel, a FROM t', 'parallel, a '],
    ['SELECT grouping FROM t', 'grouping FRO'],
  ])('is refused: %s', (statement, near) => {
    // The error quotes the statement from the refused token on. `near` is the start of the quotation.
    expect(errorFor(statement)).toMatchObject({ errno: 1064, message: expect.stringContaining(`near '${near}`) });
  });

  it.each([
    "CREATE TABLE t (a TEXT NOT NULL DEFAULT '')",
    "CREATE TABLE t (b INT, a JSON COMMENT 'x' DEFAULT '{}', c INT)",
    "ALTER TABLE t ADD COLUMN `a` LONGTEXT CHARACTER SET utf8mb4 DEFAULT 'x'",
  ])('is refused, because a TEXT or JSON column has a literal default: %s', (statement) => {
    expect(errorFor(statement)).toEqual({
      errno: 1101,
      sqlState: '42000',
      message: "BLOB, TEXT, GEOMETRY or JSON column 'a' can't have a default value",
    });
  });

  // MySQL executes the text in `/*!80000 … */`, and only MariaDB executes the text in `/*M!100000 … */`. The rules do not check a text with
  // such a comment.
  it.each(['/*!80000 ALTER TABLE t DROP COLUMN IF EXISTS a */', '/*M!100000 ALTER TABLE t DROP COLUMN IF EXISTS a */'])(
    'is not checked inside a comment that a server may execute: %s',
    (statement) => {
      expect(errorFor(statement)).toBeUndefined();
    },
  );
});

describe('a valid statement similar to a refused one', () => {
  it.each([
    'CREATE TABLE IF NOT EXISTS t (a INT)',
    'DROP TABLE IF EXISTS t',
    'ALTER TABLE t ADD COLUMN a INT AS (IF(b IS NULL, 1, 2))',
    'CREATE OR REPLACE VIEW v AS SELECT 1',
    'CREATE OR REPLACE SPATIAL REFERENCE SYSTEM 1',
    'CREATE TABLE t (uuid CHAR(36), KEY uuid USING BTREE (uuid), UNIQUE KEY inet6 (uuid))',
    'ALTER TABLE t CHANGE COLUMN a uuid CHAR(36), RENAME COLUMN b TO uuid',
    'CREATE TABLE t (a INT) SELECT 1 AS a, x uuid FROM s',
    'CREATE TABLE t (a CHAR(36) DEFAULT (uuid()), b DATETIME(3) DEFAULT CURRENT_TIMESTAMP(3), c DATETIME DEFAULT NOW())',
    'CREATE TABLE t (a INT DEFAULT 1) DEFAULT CHARACTER SET utf8mb4',
    "CREATE TABLE t (a TEXT DEFAULT ('x'), b VARCHAR(9) DEFAULT 'x', c TEXT DEFAULT NULL, d TEXT, e INT DEFAULT 1)",
    "CREATE TABLE t AS SELECT * FROM JSON_TABLE('[]', '$' COLUMNS (a JSON PATH '$' DEFAULT '1' ON EMPTY)) j",
    'DELETE FROM t WHERE returning = 1',
    'DELETE FROM t returning WHERE a = 1',
    'INSERT INTO t (returning) VALUES (1)',
    'INSERT INTO t SELECT 1 returning FROM s',
    "SELECT JSON_VALUE(a, '$' RETURNING DECIMAL(4,2)) FROM t",
    'SELECT RANK() OVER (ORDER BY a), LAG (a) OVER w FROM t WINDOW w AS (ORDER BY a)',
    'SELECT SUM(a) OVER (ORDER BY a GROUPS UNBOUNDED PRECEDING) FROM t',
    'SELECT t.rank, t.groups FROM t, LATERAL (SELECT 1) s',
    'SELECT `rank`, @rank, @@system FROM `groups` -- the rank of groups',
    'SELECT \'groups\', /* rank */ "lateral"',
    'ANALYZE TABLE t UPDATE HISTOGRAM ON a MANUAL UPDATE',
    'SELECT a FROM t TABLESAMPLE SYSTEM (10)',
    'SELECT a FROM t QUALIFY 1 = 1',
    'SET time_zone = SYSTEM',
    "LOAD DATA INFILE 'f' INTO TABLE t PARALLEL = 4",
    'SELECT GROUPING(a) FROM t GROUP BY a WITH ROLLUP',
  ])('is not refused: %s', (statement) => {
    expect(errorFor(statement)).toBeUndefined();
  });
});

describe('the error of a refused statement', () => {
  it('quotes the statement from where MySQL’s parser stops, and names the line', () => {
    // MySQL quotes 80 characters.
    expect(errorFor(`CREATE TABLE t (\n  rank ${'x'.repeat(100)}`)).toEqual({
      errno: 1064,
      sqlState: '42000',
      message: `You have an error in your SQL syntax; check the manual that corresponds to your MySQL server version for the right syntax to use near 'rank ${'x'.repeat(75)}' at line 2`,
    });
  });

  it.each([
    ['counts no blank lines before the statement', '\n\n SELECT 1,\nrank', 2],
    ['counts no lines of earlier statements', "SELECT ';\n';\nSELECT\n1;\n\nSELECT rank", 1],
    ['counts the lines of a comment before the statement', 'SELECT 1;\n/* ;\n */ SELECT\nrank', 3],
  ])('%s', (_what, text, line) => {
    expect(errorFor(text)?.message).toMatch(new RegExp(`near 'rank' at line ${line}$`));
  });
});
