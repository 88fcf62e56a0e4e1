/** One change of the tables. */
export interface Migration {
  /** Number and purpose, at most 64 characters. The key in `deployment_migrations`, the table of recorded migrations. */
  readonly id: string;
  /**
   * Only one statement: MySQL commits after each one that changes tables, so the first of two would stay if the second fails. The
   * statement runs in the database of the deployment. The deployed functions must keep working after it. Never edit it once it has run.
   */
  readonly statement: string;
  /**
   * A query that returns rows if the statement has taken effect. It finds migrations that took effect but were not recorded,
   * because the bootstrap was interrupted, or because an early version of it did not record migrations.
   */
  readonly effectQuery: string;
}

/**
 * Type of a column without the display width of integers. MariaDB shows the width of every integer type. MySQL 8.4 shows it only
 * for `tinyint(1)`, which is BOOLEAN, and for ZEROFILL.
 */
const TYPE = "REGEXP_REPLACE(COLUMN_TYPE, 'int[(][0-9]+[)]', 'int')";

/** As TYPE, but `json` for a JSON column of MariaDB. MariaDB stores such a column as LONGTEXT with a CHECK. */
const TYPE_OR_JSON = `IF(COLUMN_TYPE = 'longtext' AND EXISTS (
        SELECT 1 FROM information_schema.CHECK_CONSTRAINTS
        WHERE CONSTRAINT_SCHEMA = DATABASE() AND CHECK_CLAUSE = CONCAT('json_valid(\`', COLUMN_NAME, '\`)')
      ), 'json', ${TYPE})`;

/** Returns a query that has one row if the table has all these columns and types. Write integer types without a display width. */
export function queryForColumns(table: string, columns: Readonly<Record<string, string>>): string {
  const names = Object.keys(columns);
  const wanted = names.map((name) => `'${name} ${columns[name] ?? ''}'`);
  const type = Object.values(columns).includes('json') ? TYPE_OR_JSON : TYPE;
  return `SELECT 1 FROM information_schema.COLUMNS
    WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = '${table}'
      AND CONCAT(COLUMN_NAME, ' ', ${type}) IN (${wanted.join(', ')})
    HAVING COUNT(*) = ${names.length}`;
}

/** All changes of the tables since the first deployment, oldest first. Append new ones at the end. */
export const MIGRATIONS: readonly Migration[] = [
  {
    id: '0001-timestamps',
    // The queries for pages read the rows in the order of the primary key, so they need no other index.
    statement: `CREATE TABLE timestamps (
      time DATETIME(3) NOT NULL,
      id BINARY(16) NOT NULL,
      PRIMARY KEY (time, id)
    )`,
    effectQuery: queryForColumns('timestamps', { time: 'datetime(3)', id: 'binary(16)' }),
  },
  {
    id: '0002-items',
    // The SELECT inserts the sample rows. Once the table exists, the statement cannot succeed again, so deleted rows stay deleted.
    statement: `CREATE TABLE items (
      id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
      name VARCHAR(100) NOT NULL UNIQUE
    ) SELECT 'notebook' AS name UNION ALL SELECT 'pencil' UNION ALL SELECT 'eraser' UNION ALL SELECT 'ruler'`,
    effectQuery: queryForColumns('items', { id: 'int unsigned', name: 'varchar(100)' }),
  },
];
