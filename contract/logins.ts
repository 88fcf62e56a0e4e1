/** Length of a generated password. 32 random letters and digits hold 190 bits. No letter or digit is special in a shell or a URL. */
export const PASSWORD_LENGTH = 32;

/** Outcome of a login: it connects (`o`), is refused (`x`), or finds no usable endpoint (`–`). */
export type Outcome = 'o' | 'x' | '–';

/** A proxy, named after the kind of login it accepts. */
export type ProxyName = 'password-proxy' | 'iam-proxy';
export type TargetName = 'instance' | ProxyName;

/** Settings of a proxy that affect logins, in the RDS API's terms (`UserAuthConfig.IAMAuth`, `RequireTLS`). */
export interface ProxyLogin {
  readonly iamAuth: 'DISABLED' | 'REQUIRED';
  readonly requireTls: boolean;
  /**
   * How the proxy logs in to the instance. `iam`: with a token of its own role (`DefaultAuthScheme` IAM_AUTH).
   *
   * @default - with the password in a secret
   */
  readonly upstream?: 'iam';
}

/** A deployed configuration, as in one row of the matrix in docs/settings.md: the instance alone, or with one proxy in front of it. */
export interface MatrixRow extends Partial<ProxyLogin> {
  /** Number of the row in that matrix. */
  readonly row: number;
  /** @default - no proxy */
  readonly proxy?: ProxyName;
}

/** One way to log in, and its expected outcome. */
export interface ExpectedLogin {
  readonly login: 'password' | 'iam';
  readonly target: TargetName;
  readonly tls: boolean;
  readonly expected: Outcome;
  readonly because: string;
}

/** The expected result of `GET /auth-matrix`. The deployment passes it to the function as JSON. */
export interface Expectation {
  readonly environment: string;
  readonly settings: {
    readonly iamAuthentication: boolean;
    readonly requireSecureTransport: boolean;
    readonly rows: readonly MatrixRow[];
  };
  /** All logins with TLS, then all without. In each half, the instance precedes the proxies. At each target, the password precedes IAM. */
  readonly logins: readonly ExpectedLogin[];
}
