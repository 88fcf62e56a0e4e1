export type ClientCheck =
  | 'login'
  | 'wrongSecret'
  | 'wrongServerName'
  | 'prepared'
  | 'transaction'
  | 'bigValue'
  | 'text'
  | 'cancel'
  | 'compression'
  | 'reconnect';

/** One line of JSON that a program of `programs/` prints. */
export interface OutputLine {
  /** In the first line: version of the client. */
  readonly version?: string;
  /** The program is idle: it waits on standard input until the suite reports that the server has closed idle connections. */
  readonly idle?: boolean;
  readonly check?: ClientCheck;
  /** Result of the check. */
  readonly seen?: string;
  /** Message of the error, with its number if it has one. */
  readonly error?: string;
  /** Why the client does not support the check. */
  readonly unsupportedReason?: string;
}
