/** Version that the server and the endpoints in front of it report. */
export const MYSQL_VERSION = '8.4.7';

/** MySQL 8 renamed these system variables; older versions of MariaDB know only the names of MySQL 5.7. */
const VARIABLES: Readonly<Record<string, string>> = {
  transaction_isolation: 'tx_isolation',
  transaction_read_only: 'tx_read_only',
};

/** MySQL's collations of Unicode 9.0 and their nearest equivalents in MariaDB. Trailing spaces are significant in all of them (`nopad`). */
const COLLATIONS: Readonly<Record<string, string>> = {
  utf8mb4_0900_ai_ci: 'utf8mb4_unicode_520_nopad_ci',
  utf8mb4_0900_as_ci: 'utf8mb4_uca1400_nopad_as_ci',
  utf8mb4_0900_as_cs: 'utf8mb4_uca1400_nopad_as_cs',
  utf8mb4_0900_bin: 'utf8mb4_nopad_bin',
};

/** MariaDB's name of a system variable; any other name stays unchanged. */
export const variableName = (name: string): string => VARIABLES[name.toLowerCase()] ?? name;

/** MariaDB's name of a collation; any other value stays unchanged. */
export const collationName = (name: string): string => COLLATIONS[name.toLowerCase()] ?? name;
