/** What one new connection logs in with. */
export interface Login {
  readonly user: string;
  readonly password: string;
  /** Whether the password must travel as it is, as a token does; only ever over verified TLS. */
  readonly clearText: boolean;
}

/** Where logins come from. One implementation is a token that IAM signs, the other a secret. */
export interface Credentials {
  /** A login for one new connection. */
  login(): Promise<Login>;
  /** Told that the server refused the login. Answers whether the next one will differ. */
  refused(): Promise<boolean>;
  /** What a person should check when the server refuses the login. */
  readonly checks: readonly string[];
}
