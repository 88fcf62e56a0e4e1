import { effectOf } from '../../../rds/sql/pinning';

const kindOf = (statement: string, { excludesSets } = { excludesSets: false }): string =>
  effectOf(statement, excludesSets).kind;

describe('a statement in a session of a proxy', () => {
  it.each([
    'LOCK TABLES items READ',
    'lock table items write',
    'FLUSH TABLES WITH READ LOCK',
    'FLUSH TABLES items WITH READ LOCK',
    'SELECT GET_LOCK("a", 1)',
    "DO get_lock ('a', 1)",
    'SET @answer = 42',
    'SET @answer := 42, autocommit = 1',
    'SELECT @answer := 42',
    'SELECT 42 INTO @answer',
    'SET sql_auto_is_null = 0',
    'SET SESSION foreign_key_checks = 0',
    'SET GLOBAL wait_timeout = 1',
    'SET @@GLOBAL.wait_timeout = 1',
    "SET sql_mode = CONCAT(@@sql_mode, ',STRICT_ALL_TABLES')",
    'SET time_zone = @zone',
    'SET NAMES utf8mb4, sql_auto_is_null = 1',
    'CREATE TEMPORARY TABLE t (id INT)',
    'CREATE OR REPLACE TEMPORARY TABLE t (id INT)',
    "PREPARE s FROM 'SELECT 1'",
    'EXECUTE s',
    'DEALLOCATE PREPARE s',
    'SELECT LAST_INSERT_ID()',
    'SELECT FOUND_ROWS()',
    'SELECT ROW_COUNT()',
    "LOAD DATA LOCAL INFILE 'rows.csv' INTO TABLE items",
    '/*!40101 SET @old = @@sql_mode */',
    'SELECT 1; SET @answer = 42',
    'SET autocommit = 0; SELECT 1',
  ])('pins the session: %s', (statement) => {
    expect(kindOf(statement)).toBe('pins');
  });

  it.each([
    'SELECT 1',
    'BEGIN',
    "INSERT INTO items (name) VALUES ('SET @answer = 42; LOCK TABLES')",
    "SELECT * FROM users WHERE email = 'ada@example.com'",
    'SELECT `@answer := 1`, `get_lock` FROM items',
    'SELECT 1 -- SET @answer = 42 GET_LOCK(1)',
    'SELECT @answer',
    'SELECT @@session.sql_mode',
    'CALL refill(1)',
    "GRANT SELECT ON app.* TO 'ada'@'%'",
    'CREATE TABLE temporary_items (id INT)',
    'FLUSH STATUS',
    '',
  ])('does not pin the session: %s', (statement) => {
    expect(kindOf(statement)).toBe('none');
  });

  it.each([
    ['USE app', ['database']],
    ['SET NAMES utf8mb4 COLLATE utf8mb4_unicode_ci', ['names']],
    ["SET CHARACTER SET 'utf8mb4'", ['names']],
    ['SET autocommit = 0', ['autocommit']],
    ["set @@session.time_zone = '+00:00'", ['time_zone']],
    ["SET SESSION sql_mode = 'ANSI', wait_timeout = 60", ['sql_mode', 'wait_timeout']],
    ['SET LOCAL `autocommit` := 1', ['autocommit']],
    ['SET character_set_results = NULL', ['character_set_results']],
    ['SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED', ['transaction_isolation']],
    ['SET SESSION TRANSACTION READ ONLY', ['transaction_read_only']],
    ["SET transaction_isolation = 'READ-COMMITTED'", ['transaction_isolation']],
  ])('changes settings that the proxy tracks: %s', (statement, names) => {
    expect(effectOf(statement, false)).toEqual({ kind: 'settings', names });
  });

  it('keeps the connection until the next transaction ends: SET TRANSACTION', () => {
    expect(kindOf('SET TRANSACTION ISOLATION LEVEL SERIALIZABLE')).toBe('holds');
  });

  it('pins the session in spite of EXCLUDE_VARIABLE_SETS, except if the statement is a SET', () => {
    for (const statement of ['SET @answer = 42', 'SET SESSION foreign_key_checks = 0']) {
      expect(kindOf(statement, { excludesSets: true })).toBe('none');
    }
    for (const statement of ['SELECT @answer := 42', 'LOCK TABLES items READ', "PREPARE s FROM 'SELECT 1'"]) {
      expect(kindOf(statement, { excludesSets: true })).toBe('pins');
    }
    expect(kindOf('SET autocommit = 0', { excludesSets: true })).toBe('settings');
  });
});
