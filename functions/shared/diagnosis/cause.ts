import type { Login } from '../credentials';
import type { Target } from '../target';

/** One try to log in. */
export interface Attempt {
  readonly login: Login;
  /** Whether the server asked for the login in clear text, as for a token, and got it. */
  readonly tokenSent: boolean;
}

/** Everything that a client can know of a failed connection. */
export interface Failure {
  /** What the driver or Node.js calls the error. */
  readonly code: string;
  readonly message: string;
  readonly target: Pick<Target, 'host' | 'port'>;
  /** @default - there was no login to try with */
  readonly attempt?: Attempt | undefined;
  readonly now: Date;
}

/** Recognises one cause: a sentence with what is wrong and what to do about it, or nothing. */
export type Cause = (failure: Failure) => string | undefined;

/** The cause of an error that has one only. */
export const onCode = (code: string, says: (failure: Failure) => string): Cause => {
  return (failure) => (failure.code === code ? says(failure) : undefined);
};

/** The cause of an error that only its words tell. */
export const onMessage = (pattern: RegExp, says: (failure: Failure) => string): Cause => {
  return (failure) => (pattern.test(failure.message) ? says(failure) : undefined);
};

/** Whom the login said it is. */
export const userOf = ({ attempt }: Failure): string => attempt?.login.user ?? 'the user';

/**
 * The region and the kind of an endpoint, which its name tells. A proxy's has `proxy-`, in moto `db-proxy-`.
 *
 * @returns `undefined` where RDS did not give the name
 */
export function readHost(host: string): { readonly region: string; readonly isProxy: boolean } | undefined {
  const [, kind, region] =
    /\.((?:db-)?proxy-)?[a-z0-9-]+\.([a-z0-9-]+)\.rds\.amazonaws\.com(?:\.cn)?$/.exec(host) ?? [];
  return region === undefined ? undefined : { region, isProxy: kind !== undefined };
}
