/** User name, and password or token, for the login of one new connection. */
export interface DatabaseLogin {
  readonly user: string;
  /** Password or token. */
  readonly password: string;
  /** Whether the password is sent in clear text, as IAM tokens are. SECURITY: only over verified TLS. */
  readonly clearText: boolean;
}

/** Produces the logins of a database user: passwords from a secret, or tokens signed with the IAM credentials of the function. */
export interface DatabaseCredentials {
  /**
   * Yields the logins to try for one new connection, the most promising one first. Read the next login only after the server has
   * refused the previous one, because reading the next one marks the previous one as refused.
   *
   * @param signal aborts requests for secrets. @default - each request ends only at its own timeout
   */
  logins(signal?: AbortSignal): AsyncIterable<DatabaseLogin>;
  /** What to check when the server refuses the login. */
  readonly checks: readonly string[];
}
