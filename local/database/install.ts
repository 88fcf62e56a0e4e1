import { execFile } from 'node:child_process';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findMariaDb } from './mariadb-program';

const run = promisify(execFile);

/** Half-made data is never taken for whole: it gets its name at the end. */
export async function install(folder: string): Promise<void> {
  const unfinished = join(folder, 'data.new');
  await rm(unfinished, { recursive: true, force: true });
  await run(findMariaDb('mariadb-install-db'), [
    '--no-defaults',
    `--datadir=${unfinished}`,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
    ...(await ownTemporaryFolder(folder)),
    ...asRoot(),
  ]);
  await rename(unfinished, join(folder, 'data'));
}

/** A server that starts removes temporary tables from its folder for them: in `/tmp` those of any other that starts, too. */
export async function ownTemporaryFolder(folder: string): Promise<string[]> {
  const temporary = join(folder, 'tmp');
  await mkdir(temporary, { recursive: true });
  return [`--tmpdir=${temporary}`];
}

/** Servers refuse to run as root unless told to. */
export function asRoot(): string[] {
  return process.getuid?.() === 0 ? ['--user=root'] : [];
}
