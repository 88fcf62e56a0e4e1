import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import type { Environment } from './settings';

const ROOT = join(__dirname, '..', '..');

/** A file in `environments/` that cannot be read, in one sentence. */
export class EnvironmentFileError extends Error {
  override readonly name = 'EnvironmentFileError';
}

/**
 * Reads the environments of `environments/index.ts`. They are read here rather than imported, so that a mistake in one of the
 * files is reported as a sentence and not as a stack trace of the program.
 *
 * @throws EnvironmentFileError
 */
export function readEnvironments(folder = join(ROOT, 'environments')): readonly Environment[] {
  const file = join(folder, 'index.ts');
  let read: { readonly environments?: unknown };
  try {
    read = createRequire(__filename)(file) as typeof read;
  } catch (error) {
    throw new EnvironmentFileError(sentence(error, folder), { cause: error });
  }
  if (Array.isArray(read.environments)) return read.environments as Environment[];
  throw new EnvironmentFileError(
    `${relative(ROOT, file)} must export the list of environments: export const environments = [dev, prod].`,
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
