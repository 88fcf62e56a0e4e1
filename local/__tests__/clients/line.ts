export type Check =
  | 'login'
  | 'wrongSecret'
  | 'wrongName'
  | 'prepared'
  | 'transaction'
  | 'bigValue'
  | 'text'
  | 'cancel'
  | 'compression'
  | 'reconnect';

/** One line of JSON that a program of `programs/` prints. */
export interface Line {
  /** In the first line: version of the client. */
  readonly version?: string;
  /** It waits for a line on its standard input, until the server has closed its idle connections. */
  readonly idle?: boolean;
  readonly check?: Check;
  /** What the check saw. */
  readonly seen?: string;
  /** Number and message of the error that the check met. */
  readonly error?: string;
  /** Why the client does not offer what is checked. */
  readonly lacks?: string;
}
