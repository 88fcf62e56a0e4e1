import { execFile } from 'node:child_process';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findMariaDb } from './mariadb-program';
import { ownTemporaryFolder, SMALL_SERVER_OPTIONS } from './server-options';

const run = promisify(execFile);

/**
 * Creates MariaDB's data folder. The folder gets its final name last, so an incomplete folder is never used.
 *
 * Uses neither `--tmpdir` nor `--user`, because with them the installer breaks a path at its spaces. The installer runs the
 * server in bootstrap mode, in which it starts as root even without `--user`.
 */
export async function install(folder: string): Promise<void> {
  const unfinished = join(folder, 'data.new');
  await rm(unfinished, { recursive: true, force: true });
  const options = [
    '--no-defaults',
    `--datadir=${unfinished}`,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
    ...SMALL_SERVER_OPTIONS,
  ];
  const env = { ...process.env, TMPDIR: await ownTemporaryFolder(folder) };
  await run(findMariaDb('mariadb-install-db'), options, { env });
  await rename(unfinished, join(folder, 'data'));
}
