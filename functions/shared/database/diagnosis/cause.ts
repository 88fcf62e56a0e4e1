import type { DatabaseLogin } from '../database-credentials';
import type { ErrorCode } from '../error-codes';
import type { Target } from '../target';

/** One attempt to log in. */
export interface Attempt {
  readonly login: DatabaseLogin;
  /** Whether the driver sent the IAM token of the login. It does so only if the server asks for a password in clear text. */
  readonly tokenSent: boolean;
}

/** Everything that the client knows about a failed connection. */
export interface Failure {
  /** Error code of the driver or of Node.js. */
  readonly code: string;
  readonly message: string;
  readonly target: Pick<Target, 'host' | 'port'>;
  /** @default - the client had no credentials yet */
  readonly attempt?: Attempt | undefined;
  readonly now: Date;
}

/** Recognises one cause. Returns a sentence with the fault and its remedy, or `undefined`. */
export type Cause = (failure: Failure) => string | undefined;

/** Recognises causes by their error codes. */
export const byCode =
  (causes: Readonly<Partial<Record<ErrorCode, Cause>>>): Cause =>
  (failure) =>
    (causes as Readonly<Record<string, Cause>>)[failure.code]?.(failure);

/** Returns the user name of the login in quotes; `the user` if the client had no credentials yet. */
export const userNameOf = ({ attempt }: Failure): string =>
  attempt === undefined ? 'the user' : `'${attempt.login.user}'`;

/**
 * Parses the host name of an endpoint. Returns the region, and whether the endpoint is a proxy. A proxy's host name contains `proxy-`,
 * or `db-proxy-` in moto.
 *
 * @returns `undefined` if the host is not an endpoint of RDS
 */
export function parseHost(host: string): { readonly region: string; readonly isProxy: boolean } | undefined {
  const [, kind, region] =
    /\.((?:db-)?proxy-)?[a-z0-9-]+\.([a-z0-9-]+)\.rds\.amazonaws\.com(?:\.cn)?$/.exec(host) ?? [];
  return region === undefined ? undefined : { region, isProxy: kind !== undefined };
}
