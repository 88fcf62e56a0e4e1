/** One change of the tables. */
export interface Migration {
  /** Number and purpose, at most 64 characters. The record knows the migration by it. */
  readonly id: string;
  /**
   * One statement: MySQL commits after each one that changes tables, so what fails leaves nothing half-done. It is run in the
   * database, and must let the functions that are deployed go on working. Once it has run its text stays as it is.
   */
  readonly statement: string;
  /**
   * A query with rows where the statement has had its effect: on a server where the function was ended between the statement and
   * the record, and on one from before the record.
   */
  readonly done: string;
}

/** A query with one row where a table has these columns, each with this type. */
function hasColumns(table: string, columns: Readonly<Record<string, string>>): string {
  const names = Object.keys(columns);
  // MariaDB adds a width to integers, which MySQL 8.4 has no more.
  const wanted = names.map((name) => `'${name} ${columns[name] ?? ''}'`);
  return `SELECT 1 FROM information_schema.COLUMNS
    WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = '${table}'
      AND CONCAT(COLUMN_NAME, ' ', REGEXP_REPLACE(COLUMN_TYPE, 'int[(][0-9]+[)]', 'int')) IN (${wanted.join(', ')})
    HAVING COUNT(*) = ${names.length}`;
}

/** Each change of the tables since the first deployment, oldest first. New ones go to the end. */
export const MIGRATIONS: readonly Migration[] = [
  {
    id: '0001-timestamps',
    // In the order in which it is read, newest first; nothing else is needed to find a page.
    statement: `CREATE TABLE timestamps (
      time DATETIME(3) NOT NULL,
      id BINARY(16) NOT NULL,
      PRIMARY KEY (time, id)
    )`,
    done: hasColumns('timestamps', { time: 'datetime(3)', id: 'binary(16)' }),
  },
  {
    id: '0002-items',
    // With the first rows, so that a new deployment has something to show. In one statement they cannot come back later.
    statement: `CREATE TABLE items (
      id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
      name VARCHAR(100) NOT NULL UNIQUE
    ) SELECT 'notebook' AS name UNION ALL SELECT 'pencil' UNION ALL SELECT 'eraser' UNION ALL SELECT 'ruler'`,
    done: hasColumns('items', { id: 'int unsigned', name: 'varchar(100)' }),
  },
];
