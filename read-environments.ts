import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { didYouMean } from './modules/settings/closest';
import type { Environment } from './modules/settings/settings';

const ROOT = __dirname;

/** A mistake in a file of `environments/`, or in the name of an environment, in one sentence. */
export class EnvironmentsError extends Error {
  override readonly name = 'EnvironmentsError';
}

/**
 * Reads the environments of `environments/index.ts`. They are read here rather than imported, so that a mistake in one of the
 * files is reported as a sentence and not as a stack trace of the program.
 *
 * @throws EnvironmentsError
 */
export function readEnvironments(folder = join(ROOT, 'environments')): readonly Environment[] {
  const file = join(folder, 'index.ts');
  let read: { readonly environments?: unknown };
  try {
    read = createRequire(__filename)(file) as typeof read;
  } catch (error) {
    throw new EnvironmentsError(sentence(error, folder), { cause: error });
  }
  if (Array.isArray(read.environments) && read.environments.length > 0) return read.environments as Environment[];
  if (Array.isArray(read.environments)) throw new EnvironmentsError(noEnvironment(folder));
  throw new EnvironmentsError(
    `${relative(ROOT, file)} must export the list of environments: export const environments = [dev, prod].`,
  );
}

function noEnvironment(folder: string): string {
  const files = readdirSync(folder).filter((file) => file !== 'index.ts');
  return `There is no environment to deploy: the list of ${relative(ROOT, join(folder, 'index.ts'))} is empty. The folder has ${files.join(', ')}.`;
}

/** @throws EnvironmentsError where a name that the person gave is that of no environment. */
export function refuseUnknown(names: readonly string[], environments: readonly Environment[]): void {
  const known = environments.flatMap((one: Environment | undefined) => (one === undefined ? [] : [one.name]));
  const [unknown] = names.filter((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new EnvironmentsError(
    `There is no environment ${unknown}: environments/index.ts lists ${known.join(', ')}. ${didYouMean(unknown, known)}`.trim(),
  );
}

interface Failure {
  readonly message?: string;
  readonly stack?: string;
  readonly code?: string;
  readonly requireStack?: readonly string[];
}

/** How esbuild, by which tsx reads TypeScript, reports a mistake in it. */
const SYNTAX_ERROR = /^(?<place>.+:\d+:\d+): ERROR: (?<text>.+)$/m;

function sentence(error: unknown, folder: string): string {
  const failure = error as Failure;
  const syntax = SYNTAX_ERROR.exec(failure.message ?? '')?.groups;
  if (syntax)
    return `${relative(ROOT, syntax['place'] ?? '')} cannot be read: ${syntax['text'] ?? ''}. Correct it there.`;
  const message = (failure.message ?? String(error)).split('\n')[0] ?? '';
  if (failure.code === 'MODULE_NOT_FOUND') {
    const file = relative(ROOT, failure.requireStack?.[0] ?? folder);
    return `${file} imports what is not there: ${message}. Correct the import.`;
  }
  return `${placeIn(failure.stack ?? '', folder)} fails: ${message}. Correct it there.`;
}

/** The first place of a stack trace that lies in a folder. */
function placeIn(stack: string, folder: string): string {
  const line = stack.split('\n').find((one) => one.includes(`${folder}/`) || one.includes(`${folder}\\`)) ?? '';
  const place = /([^\s(]+:\d+:\d+)\)?$/.exec(line)?.[1];
  return place === undefined ? relative(ROOT, folder) : relative(ROOT, place.replace(/^file:\/\//, ''));
}
