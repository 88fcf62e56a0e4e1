import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join, relative, sep } from 'node:path';
import { didYouMean } from './modules/settings/closest';
import { SettingsError } from './modules/settings/problem';
import type { Environment } from './modules/settings/settings';

const ROOT = __dirname;

/**
 * Reads each `.ts` file of `environments/` that is not hidden, ordered by name. Loads the files at run time instead of importing
 * them, to report a mistake as a sentence instead of a stack trace.
 *
 * @throws SettingsError if a file is invalid, or the folder contains no environment.
 */
export function readEnvironments(folder = join(ROOT, 'environments')): readonly Environment[] {
  // Skips hidden files, because Emacs makes a link such as .#dev.ts while someone edits dev.ts.
  const files = readdirSync(folder).filter((file) => /^[^.].*\.ts$/.test(file));
  if (files.length === 0) {
    throw new SettingsError(`${relative(ROOT, folder)}/ contains no environment. Add a file such as dev.ts to it.`);
  }
  return files.sort().map((file) => readEnvironment(join(folder, file), folder));
}

function readEnvironment(file: string, folder: string): Environment {
  const environment = defaultExportOf(file, folder);
  const place = relative(ROOT, file);
  const name = basename(file, '.ts');
  if (typeof environment !== 'object' || environment === null) {
    throw new SettingsError(
      `${place} must export one environment as its default: export default { name: '${name}', … } satisfies Environment. Put shared code into a folder below environments/.`,
    );
  }
  const { name: declaredName } = environment as { readonly name?: unknown };
  if (declaredName === name) return environment as Environment;
  const [got, fix] =
    declaredName === undefined
      ? ['nothing', 'Add the name.']
      : [JSON.stringify(declaredName), 'Change the name or rename the file.'];
  throw new SettingsError(
    `name must be '${name}' in ${place}, got ${got}: an environment must have the name of its file. ${fix}`,
  );
}

function defaultExportOf(file: string, folder: string): unknown {
  try {
    return (createRequire(__filename)(file) as { readonly default?: unknown }).default;
  } catch (error) {
    throw new SettingsError(describeLoadError(error, folder), { cause: error });
  }
}

/** Checks the names on the command line. @throws SettingsError if one is unknown */
export function refuseUnknownNames(names: readonly string[], environments: readonly Environment[]): void {
  const known = environments.map(({ name }) => name);
  const [unknown] = names.filter((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new SettingsError(
    `Unknown environment ${unknown}. The files in environments/ are ${known.join(', ')}. ${didYouMean(unknown, known)}`.trim(),
  );
}

/** Format of a syntax error of esbuild, which tsx uses. */
const SYNTAX_ERROR = /^(?<place>.+:\d+:\d+): ERROR: (?<text>.+)$/m;

/** Describes in a sentence why a file of a folder cannot be loaded. */
function describeLoadError(error: unknown, folder: string): string {
  const failure = error as Partial<NodeJS.ErrnoException> & { readonly requireStack?: readonly string[] };
  const syntax = SYNTAX_ERROR.exec(failure.message ?? '')?.groups;
  if (syntax)
    return `${relative(ROOT, syntax['place'] ?? '')} cannot be read: ${syntax['text'] ?? ''}. Correct it there.`;
  const message = (failure.message ?? String(error)).split('\n')[0] ?? '';
  if (failure.code === 'MODULE_NOT_FOUND') {
    const file = relative(ROOT, failure.requireStack?.[0] ?? folder);
    return `${file} imports a missing module: ${message}. Correct the import.`;
  }
  return `${placeIn(failure.stack ?? '', folder)} fails: ${message}. Correct it there.`;
}

/** Returns the first place in a stack trace that is inside a folder. */
function placeIn(stack: string, folder: string): string {
  // Skips the message before the frames: it may also name a file of the folder.
  const frame = stack.split('\n').find((line) => /^\s+at /.test(line) && line.includes(folder + sep)) ?? '';
  const place = /^.*:\d+:\d+/.exec(frame.slice(frame.indexOf(folder + sep)))?.[0];
  return relative(ROOT, place ?? folder);
}
