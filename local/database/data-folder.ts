import { execFile } from 'node:child_process';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findMariaDb } from './mariadb-program';
import { ownTemporaryFolder, SMALL_SERVER_OPTIONS } from './server-options';

const run = promisify(execFile);

/**
 * Creates MariaDB's data folder, `data`, in a folder. The data folder is named `data.new` until it is complete, so no server uses an
 * incomplete one.
 */
export async function createDataFolder(folder: string): Promise<void> {
  const incomplete = join(folder, 'data.new');
  await rm(incomplete, { recursive: true, force: true });
  // `--tmpdir` and `--user` are absent, because with either of them the installer splits paths at their spaces. TMPDIR replaces
  // `--tmpdir`. The installer starts the server in bootstrap mode. In this mode the server also starts without `--user` if root
  // starts it.
  const options = [
    '--no-defaults',
    `--datadir=${incomplete}`,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
    ...SMALL_SERVER_OPTIONS,
  ];
  const env = { ...process.env, TMPDIR: await ownTemporaryFolder(folder) };
  await run(findMariaDb('mariadb-install-db'), options, { env });
  await rename(incomplete, join(folder, 'data'));
}
