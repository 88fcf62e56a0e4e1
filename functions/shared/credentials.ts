/** What one new connection logs in with. */
export interface Login {
  readonly user: string;
  readonly password: string;
  /** Whether the password must travel as it is, as a token does; only ever over verified TLS. */
  readonly clearText: boolean;
}

/** Where logins come from: a token that IAM signs, or a secret. */
export interface Credentials {
  /** Logins for one new connection, the likeliest first. The next one is asked for only where the server refused the last. */
  logins(): AsyncIterable<Login>;
  /** What a person should check when the server refuses the login. */
  readonly checks: readonly string[];
}
