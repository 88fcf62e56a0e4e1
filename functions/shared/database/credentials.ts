/** User and proof for the login of one new connection. */
export interface Login {
  readonly user: string;
  readonly password: string;
  /** Whether the password is sent in clear text, as IAM tokens are. SECURITY: only over verified TLS. */
  readonly clearText: boolean;
}

/** Source of logins: tokens signed with IAM credentials, or a secret. */
export interface Credentials {
  /** Yields logins for one new connection, the likeliest first. Read the next one only after the server refused the last. */
  logins(): AsyncIterable<Login>;
  /** What to check when the server refuses the login. */
  readonly checks: readonly string[];
}
