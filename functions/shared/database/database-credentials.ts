/** User name, and password or token, to log in on one new connection. */
export interface DatabaseLogin {
  readonly user: string;
  /** Password or token. */
  readonly password: string;
  /** Whether the password is sent in clear text, as IAM tokens are. SECURITY: only over verified TLS. */
  readonly clearText: boolean;
}

/** Credentials of a database user, as a source of logins: tokens signed with IAM credentials, or a secret. */
export interface DatabaseCredentials {
  /** Yields logins for one new connection, the likeliest first. Read the next one only after the server refused the last. */
  logins(): AsyncIterable<DatabaseLogin>;
  /** What to check when the server refuses the login. */
  readonly checks: readonly string[];
}
