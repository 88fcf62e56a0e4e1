/** What MySQL 8.4 has and MariaDB has by another name, or with a value that nothing sets. */

/** What the server says of itself. */
export const MYSQL_VERSION = '8.4.7';

/** System variables that older versions of MariaDB know by the names of MySQL 5.7. */
const VARIABLES: Readonly<Record<string, string>> = {
  transaction_isolation: 'tx_isolation',
  transaction_read_only: 'tx_read_only',
};

/** Those of MySQL 8 sort by version 9 of the Unicode collation algorithm and do not ignore blanks at the end. */
const COLLATIONS: Readonly<Record<string, string>> = {
  utf8mb4_0900_ai_ci: 'utf8mb4_unicode_520_nopad_ci',
  utf8mb4_0900_as_ci: 'utf8mb4_uca1400_nopad_as_ci',
  utf8mb4_0900_as_cs: 'utf8mb4_uca1400_nopad_as_cs',
  utf8mb4_0900_bin: 'utf8mb4_nopad_bin',
};

/** MariaDB's name of a system variable. */
export const variableName = (name: string): string => VARIABLES[name.toLowerCase()] ?? name;

/** MariaDB's name of a collation, or of anything else. */
export const collationName = (name: string): string => COLLATIONS[name.toLowerCase()] ?? name;
