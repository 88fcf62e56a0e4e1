/** `o`: connects. `x`: is refused. `–`: there is nothing to connect to. */
export type Outcome = 'o' | 'x' | '–';

/** A proxy by the kind of login it is there for. */
export type ProxyName = 'password-proxy' | 'iam-proxy';
export type TargetName = 'instance' | ProxyName;

/** What a proxy asks of its clients, in the words of the RDS API (`UserAuthConfig.IAMAuth`, `RequireTLS`). */
export interface ProxyLogin {
  readonly iamAuth: 'DISABLED' | 'REQUIRED';
  readonly requireTls: boolean;
  /**
   * How the proxy logs in to the instance: `iam`, by a token of its own role (`DefaultAuthScheme` IAM_AUTH).
   *
   * @default - by the password in a secret
   */
  readonly upstream?: 'iam';
}

/** A deployed row of the known matrix: the instance by itself, or with one proxy in front of it. */
export interface MatrixRow extends Partial<ProxyLogin> {
  /** Number in `KNOWN_MATRIX`. */
  readonly row: number;
  /** @default - no proxy */
  readonly proxy?: ProxyName;
}

/** One way to log in, and what comes of it by the model. */
export interface ExpectedLogin {
  readonly login: 'password' | 'iam';
  readonly target: TargetName;
  readonly tls: boolean;
  readonly expected: Outcome;
  /** Why it is expected. */
  readonly because: string;
}

/** What `GET /auth-matrix` compares its measurement with: the deployment passes it to the function as JSON. */
export interface Expectation {
  /** Name of the environment. */
  readonly environment: string;
  readonly settings: {
    readonly iamAuthentication: boolean;
    readonly requireSecureTransport: boolean;
    readonly rows: readonly MatrixRow[];
  };
  /** With TLS first, then without; each in the order of the clients a to d. */
  readonly logins: readonly ExpectedLogin[];
}
