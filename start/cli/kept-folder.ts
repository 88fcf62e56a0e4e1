import { join } from 'node:path';

/** Command-line options that identify a deployment on this machine. */
export interface DeploymentId {
  /** Root folder of all kept deployments. */
  readonly folder: string;
  /** Name of the environment. */
  readonly environment: string;
  /** N in the deployment's addresses, 127.N.x.y. @default - a free number */
  readonly number?: number | undefined;
}

/**
 * Returns the folder of a deployment. A number identifies a further deployment of the same environment. A dot, not a hyphen,
 * precedes the number: an environment may be named `dev-2`, but never `dev.2`.
 */
export function keptFolder({ folder, environment, number }: DeploymentId): string {
  return join(folder, number === undefined ? environment : `${environment}.${number}`);
}

/** Parses the value of `--number`. @throws Error if it is invalid */
export function numberIn(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 1 && number <= 254) return number;
  throw new Error(`--number must be a whole number from 1 to 254, got ${text}.`);
}
