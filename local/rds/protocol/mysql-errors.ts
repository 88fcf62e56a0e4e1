/**
 * Errors that the local RDS sends to clients, with the number, SQLSTATE and message of MySQL 8.4. The last one is RDS Proxy's.
 *
 * https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html
 */

/** Content of an error packet. */
export interface MysqlError {
  readonly errno: number;
  readonly sqlState: string;
  readonly message: string;
}

const error = (errno: number, sqlState: string, message: string): MysqlError => ({ errno, sqlState, message });

/** ER_HANDSHAKE_ERROR */
export const HANDSHAKE_ERROR = error(1043, '08S01', 'Bad handshake');

/** ER_ACCESS_DENIED_ERROR, for an unknown user and for wrong credentials alike. SECURITY: the reason goes only to the log. */
export const accessDenied = (user: string, address: string): MysqlError =>
  error(1045, '28000', `Access denied for user '${user}'@'${address}' (using password: YES)`);

/** ER_UNKNOWN_COM_ERROR */
export const UNKNOWN_COMMAND = error(1047, '08S01', 'Unknown command');

/** ER_PARSE_ERROR */
export const parseError = (near: string, line: number): MysqlError =>
  error(
    1064,
    '42000',
    `You have an error in your SQL syntax; check the manual that corresponds to your MySQL server version for the right syntax to use near '${near}' at line ${line}`,
  );

/** ER_BLOB_CANT_HAVE_DEFAULT */
export const largeDefault = (column: string): MysqlError =>
  error(1101, '42000', `BLOB, TEXT, GEOMETRY or JSON column '${column}' can't have a default value`);

/** ER_NET_PACKET_TOO_LARGE */
export const PACKET_TOO_LARGE = error(1153, '08S01', "Got a packet bigger than 'max_allowed_packet' bytes");

/** ER_NET_READ_INTERRUPTED */
export const READ_INTERRUPTED = error(1159, '08S01', 'Got timeout reading communication packets');

/** ER_PLUGIN_IS_NOT_LOADED, for a CREATE USER or ALTER USER with this plugin while IAM database authentication is off. */
export const IAM_PLUGIN_NOT_LOADED = error(1524, 'HY000', "Plugin 'AWSAuthenticationPlugin' is not loaded");

/** ER_ACCOUNT_HAS_BEEN_LOCKED */
export const accountLocked = (user: string, address: string): MysqlError =>
  error(3118, 'HY000', `Access denied for user '${user}'@'${address}'. Account is locked.`);

/** ER_SECURE_TRANSPORT_REQUIRED */
export const SECURE_TRANSPORT_REQUIRED = error(
  3159,
  'HY000',
  'Connections using insecure transport are prohibited while --require_secure_transport=ON.',
);

/** ER_CLIENT_LOCAL_FILES_DISABLED. MariaDB, which runs the statements here, has another number for this error: 4166. */
export const LOCAL_FILES_DISABLED = error(
  3948,
  '42000',
  'Loading local data is disabled; this must be enabled on both the client and server sides',
);

/** ER_CLIENT_INTERACTION_TIMEOUT */
export const CLIENT_INTERACTION_TIMEOUT = error(
  4031,
  'HY000',
  'The client was disconnected by the server because of inactivity. See wait_timeout and interactive_timeout for configuring this behavior.',
);

/** An error of RDS Proxy: no connection of its pool became free in time. */
export const BORROW_TIMEOUT = error(9501, 'HY000', 'Timed-out waiting to acquire database connection');
