import { environment } from '../shared/env';

/** `o`: connects. `x`: is refused. `–`: there is nothing that could be used. */
export type Outcome = 'o' | 'x' | '–';

export type ProxyName = 'password-proxy' | 'iam-proxy';
export type TargetName = 'instance' | ProxyName;

/** A row of the matrix that is deployed: the instance by itself, or with one proxy in front of it. */
export interface MatrixRow {
  readonly row: number;
  readonly proxy?: ProxyName;
  readonly requireTls?: boolean;
  readonly iamAuth?: 'DISABLED' | 'REQUIRED';
}

/** One way to log in, and what must come of it. */
export interface ExpectedLogin {
  readonly login: 'password' | 'iam';
  readonly target: TargetName;
  readonly tls: boolean;
  readonly expected: Outcome;
  /** Why it is expected. */
  readonly because: string;
}

/** What the deployment lets expect of itself. */
export interface Expectation {
  readonly settings: {
    readonly iamAuthentication: boolean;
    readonly requireSecureTransport: boolean;
    readonly rows: readonly MatrixRow[];
  };
  readonly logins: readonly ExpectedLogin[];
}

/** What this deployment lets expect of itself. */
export function expectation(): Expectation {
  return JSON.parse(environment('AUTH_MATRIX', 'what must come of each login, JSON')) as Expectation;
}
