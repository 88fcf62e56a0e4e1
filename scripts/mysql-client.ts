import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from '../local/processes/find-program';
import type { Installation, Tool } from '../local/tools/tool';

/** The tests look here, and so does an installation. */
const FOLDER = join(__dirname, '..', '.tools', 'mysql-client');
const PROGRAM = join(FOLDER, 'mysql');

/** Debian has it in this release only: the others carry MariaDB's client by the same name. */
const RELEASE = 'deb http://deb.debian.org/debian sid main';
const KEYS = '/usr/share/keyrings/debian-archive-keyring.gpg';
const PACKAGE = 'mysql-client-core';

/** MySQL's own command line client, which the printed lines have to work with as they do with MariaDB's. */
export const MYSQL_CLIENT: Tool = {
  name: 'MySQL’s client',
  find: () => {
    const path = findMysqlClient();
    if (path !== undefined) return path;
    throw new Error('MySQL’s client is not here, so tests of the printed lines run with MariaDB’s alone.');
  },
  installation,
};

/** Path of MySQL's own client: the project's, or the one on the PATH. */
export function findMysqlClient(): string | undefined {
  const path = findProgram([PROGRAM, 'mysql']);
  if (path === undefined) return undefined;
  const { status, stdout } = spawnSync(path, ['--version'], { encoding: 'utf8' });
  return status === 0 && !/mariadb/i.test(stdout) ? path : undefined;
}

/** Unpacks Debian's packages into a folder: installed, they would replace the system's C library and MariaDB's client. */
function installation(): Installation | undefined {
  if (findProgram(['apt-get']) === undefined || process.arch !== 'x64') return undefined;
  const command = `apt-get download ${PACKAGE} and its libraries from Debian’s sid, unpacked in .tools/`;
  return { command, megabytes: 110, run: unpack };
}

function unpack(): void {
  rmSync(FOLDER, { recursive: true, force: true });
  const own = join(FOLDER, 'apt');
  for (const folder of ['state/lists/partial', 'cache/archives/partial'])
    mkdirSync(join(own, folder), { recursive: true });
  writeFileSync(join(own, 'sources.list'), `${RELEASE.replace('deb', `deb [signed-by=${KEYS}]`)}\n`);
  writeFileSync(join(own, 'status'), '');
  const options = [
    `Dir::Etc::sourcelist=${join(own, 'sources.list')}`,
    'Dir::Etc::sourceparts=-',
    `Dir::State=${join(own, 'state')}`,
    // Nothing counts as installed, so each library comes in the version that the client was built with.
    `Dir::State::status=${join(own, 'status')}`,
    `Dir::Cache=${join(own, 'cache')}`,
    'Acquire::http::Timeout=20',
  ].flatMap((option) => ['-o', option]);
  apt(options, 'update');
  apt(options, 'install', '--download-only', '--yes', '--no-install-recommends', PACKAGE);
  const archives = join(own, 'cache', 'archives');
  const root = join(FOLDER, 'root');
  for (const archive of readdirSync(archives).filter((name) => name.endsWith('.deb'))) {
    spawnSync('dpkg-deb', ['--extract', join(archives, archive), root], { stdio: ['ignore', 'ignore', 'inherit'] });
  }
  rmSync(own, { recursive: true });
  rmSync(join(root, 'usr', 'share'), { recursive: true, force: true });
  writeFileSync(PROGRAM, WRAPPER);
  chmodSync(PROGRAM, 0o755);
}

/** Starts the client with the C library that it was built with. */
const WRAPPER = `#!/bin/sh
root=$(dirname "$(readlink -f "$0")")/root
exec "$root/usr/lib64/ld-linux-x86-64.so.2" --library-path "$root/usr/lib/x86_64-linux-gnu" "$root/usr/bin/mysql" "$@"
`;

function apt(options: readonly string[], ...words: string[]): void {
  console.log(`  apt-get ${words.join(' ')}`);
  spawnSync('apt-get', [...options, ...words, '--quiet'], { stdio: ['ignore', 'ignore', 'inherit'] });
}
