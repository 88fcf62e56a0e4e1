import { execFile } from 'node:child_process';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findMariaDb } from './mariadb-program';
import { asRoot, ownTemporaryFolder, SMALL } from './server-options';

const run = promisify(execFile);

/** Creates MariaDB's data folder. It gets its final name last, so an incomplete one is never used. */
export async function install(folder: string): Promise<void> {
  const unfinished = join(folder, 'data.new');
  await rm(unfinished, { recursive: true, force: true });
  await run(findMariaDb('mariadb-install-db'), [
    '--no-defaults',
    `--datadir=${unfinished}`,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
    ...SMALL,
    ...(await ownTemporaryFolder(folder)),
    ...asRoot(),
  ]);
  await rename(unfinished, join(folder, 'data'));
}
