/**
 * Errors that the local RDS sends to clients, with the number, SQLSTATE and message of MySQL 8.4.
 *
 * https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html
 */

/** Content of an error packet. */
export interface MysqlError {
  readonly errno: number;
  readonly sqlState: string;
  readonly message: string;
}

/** ER_HANDSHAKE_ERROR */
export const HANDSHAKE_ERROR: MysqlError = { errno: 1043, sqlState: '08S01', message: 'Bad handshake' };

/** ER_ACCESS_DENIED_ERROR */
export const accessDenied = (message: string): MysqlError => ({ errno: 1045, sqlState: '28000', message });

/** ER_UNKNOWN_COM_ERROR */
export const UNKNOWN_COMMAND: MysqlError = { errno: 1047, sqlState: '08S01', message: 'Unknown command' };

/** ER_NET_PACKET_TOO_LARGE */
export const PACKET_TOO_LARGE: MysqlError = {
  errno: 1153,
  sqlState: '08S01',
  message: "Got a packet bigger than 'max_allowed_packet' bytes",
};

/** ER_NET_READ_INTERRUPTED */
export const READ_INTERRUPTED: MysqlError = {
  errno: 1159,
  sqlState: '08S01',
  message: 'Got timeout reading communication packets',
};

/** ER_PLUGIN_IS_NOT_LOADED, for a CREATE USER or ALTER USER with this plugin while IAM database authentication is off. */
export const IAM_PLUGIN_NOT_LOADED: MysqlError = {
  errno: 1524,
  sqlState: 'HY000',
  message: "Plugin 'AWSAuthenticationPlugin' is not loaded",
};

/** ER_ACCOUNT_HAS_BEEN_LOCKED */
export const accountLocked = (user: string, address: string): MysqlError => ({
  errno: 3118,
  sqlState: 'HY000',
  message: `Access denied for user '${user}'@'${address}'. Account is locked.`,
});

/** ER_SECURE_TRANSPORT_REQUIRED */
export const SECURE_TRANSPORT_REQUIRED: MysqlError = {
  errno: 3159,
  sqlState: 'HY000',
  message: 'Connections using insecure transport are prohibited while --require_secure_transport=ON.',
};

/** ER_CLIENT_LOCAL_FILES_DISABLED. MariaDB's number is 4166. */
export const LOCAL_FILES_DISABLED: MysqlError = {
  errno: 3948,
  sqlState: '42000',
  message: 'Loading local data is disabled; this must be enabled on both the client and server sides',
};

/** ER_CLIENT_INTERACTION_TIMEOUT */
export const CLIENT_INTERACTION_TIMEOUT: MysqlError = {
  errno: 4031,
  sqlState: 'HY000',
  message:
    'The client was disconnected by the server because of inactivity. See wait_timeout and interactive_timeout for configuring this behavior.',
};

/** An error of RDS Proxy: no connection of its pool became free in time. */
export const BORROW_TIMEOUT: MysqlError = {
  errno: 9501,
  sqlState: 'HY000',
  message: 'Timed-out waiting to acquire database connection',
};
