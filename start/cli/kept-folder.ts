import { join } from 'node:path';

/** A deployment on this machine, as a person names it. */
export interface Named {
  /** Below which everything is kept. */
  readonly folder: string;
  /** Name of the environment. */
  readonly environment: string;
  /** Second number of its addresses. @default - a free one */
  readonly number?: number | undefined;
}

/** Where a deployment is kept. One with a number of its own is another one, beside the first of the same environment. */
export function keptIn({ folder, environment, number }: Named): string {
  return join(folder, number === undefined ? environment : `${environment}-${number}`);
}

/** The value of `--number`. @throws Error where it is none */
export function numberIn(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 1 && number <= 254) return number;
  throw new Error(`--number must be a whole number from 1 to 254, got ${text}.`);
}
