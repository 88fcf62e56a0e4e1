import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from '../local';
import type { Installation, Tool } from '../start/tools/tool';

/** Folder of the installed client. */
const FOLDER = join(__dirname, '..', '.tools', 'mysql-client');
const PROGRAM = join(FOLDER, 'mysql');

/** Only Debian's sid has MySQL's client. The other releases have MariaDB's client under the same name. */
const RELEASE = 'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian sid main';
const PACKAGE = 'mysql-client-core';

/** MySQL's own command line client. The login commands that `npm start` prints must work with it and with MariaDB's. */
export const MYSQL_CLIENT: Tool = {
  name: 'MySQL’s client',
  find: () => {
    const path = findMysqlClient();
    if (path !== undefined) return path;
    throw new Error('MySQL’s client is missing. Put it on the PATH to test the printed login commands with it, too.');
  },
  installation,
};

/** Finds MySQL's own client, in the project or on the PATH. */
export function findMysqlClient(): string | undefined {
  const path = findProgram([PROGRAM, 'mysql']);
  if (path === undefined) return undefined;
  const { status, stdout } = spawnSync(path, ['--version'], { encoding: 'utf8' });
  return status === 0 && !/mariadb/i.test(stdout) ? path : undefined;
}

/** Describes how to unpack Debian's packages; installing them would replace the system's C library and MariaDB's client. */
function installation(): Installation | undefined {
  if (findProgram(['apt-get']) === undefined || process.arch !== 'x64') return undefined;
  const command = `download ${PACKAGE} and its libraries from Debian’s sid with apt-get, and unpack them in .tools/`;
  return { command, megabytes: 110, run: unpack };
}

/**
 * Downloads and unpacks the packages. Writes the program last, so that `findMysqlClient` does not find an incomplete installation.
 *
 * @throws Error if a command fails.
 */
function unpack(): void {
  rmSync(FOLDER, { recursive: true, force: true });
  const aptFolder = join(FOLDER, 'apt');
  for (const folder of ['state/lists/partial', 'cache/archives/partial'])
    mkdirSync(join(aptFolder, folder), { recursive: true });
  writeFileSync(join(aptFolder, 'sources.list'), `${RELEASE}\n`);
  writeFileSync(join(aptFolder, 'status'), '');
  const options = [
    `Dir::Etc::sourcelist=${join(aptFolder, 'sources.list')}`,
    'Dir::Etc::sourceparts=-',
    `Dir::State=${join(aptFolder, 'state')}`,
    // This list of installed packages is empty, so apt downloads all libraries, in the versions that the client was built for.
    `Dir::State::status=${join(aptFolder, 'status')}`,
    `Dir::Cache=${join(aptFolder, 'cache')}`,
    'Acquire::http::Timeout=20',
  ].flatMap((option) => ['-o', option]);
  apt(options, 'update');
  apt(options, 'install', '--download-only', '--yes', '--no-install-recommends', PACKAGE);
  const archives = join(aptFolder, 'cache', 'archives');
  const root = join(FOLDER, 'root');
  for (const archive of readdirSync(archives).filter((name) => name.endsWith('.deb'))) {
    run('dpkg-deb', '--extract', join(archives, archive), root);
  }
  rmSync(aptFolder, { recursive: true });
  rmSync(join(root, 'usr', 'share'), { recursive: true, force: true });
  writeFileSync(PROGRAM, WRAPPER);
  chmodSync(PROGRAM, 0o755);
}

/** Starts the client with the C library for which it was built. */
const WRAPPER = `#!/bin/sh
root=$(dirname "$(readlink -f "$0")")/root
exec "$root/usr/lib64/ld-linux-x86-64.so.2" --library-path "$root/usr/lib/x86_64-linux-gnu" "$root/usr/bin/mysql" "$@"
`;

function apt(options: readonly string[], ...words: string[]): void {
  console.log(`  apt-get ${words.join(' ')}`);
  run('apt-get', ...options, ...words, '--quiet');
}

function run(command: string, ...words: string[]): void {
  const { status, error } = spawnSync(command, words, { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0)
    throw new Error(`MySQL’s client is not installed: ${command} failed, ${error?.message ?? `status ${status}`}.`);
}
