import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { MYSQL_VERSION } from './mysql-names';

/** Makes an empty server take 35 MB instead of 160, or more than 300 once it has been used. */
export const SMALL = [
  '--innodb-log-file-size=16M',
  '--innodb-data-file-path=ibdata1:5M:autoextend',
  '--innodb-temp-data-file-path=ibtmp1:2M:autoextend',
  // Megabytes; by default files grow by 64 at a time.
  '--innodb-autoextend-increment=1',
  '--aria-log-file-size=8M',
];

export const socketIn = (folder: string): string => join(folder, 's');
export const initFileIn = (folder: string): string => join(folder, 'init.sql');
export const errorLogIn = (folder: string): string => join(folder, 'error.log');

/** How MariaDB starts on a folder. */
export async function serverOptions(folder: string): Promise<string[]> {
  // LOAD DATA, SELECT … INTO OUTFILE and LOAD_FILE() reach this folder only, and nothing lies in it.
  const files = join(folder, 'files');
  await mkdir(files, { recursive: true });
  return [
    '--no-defaults',
    `--datadir=${join(folder, 'data')}`,
    `--socket=${socketIn(folder)}`,
    `--pid-file=${join(folder, 'pid')}`,
    `--log-error=${errorLogIn(folder)}`,
    `--slow-query-log-file=${join(folder, 'slow-query.log')}`,
    `--general-log-file=${join(folder, 'general.log')}`,
    `--init-file=${initFileIn(folder)}`,
    '--skip-networking',
    // MariaDB's name for connections by the Unix socket.
    '--proxy-protocol-networks=localhost',
    `--secure-file-priv=${files}`,
    `--ssl-cert=${join(folder, 'cert.pem')}`,
    `--ssl-key=${join(folder, 'key.pem')}`,
    `--version=${MYSQL_VERSION}`,
    // Callers have addresses of a VPC that no resolver of this machine knows.
    '--skip-name-resolve',
    ...SMALL,
    ...(await ownTemporaryFolder(folder)),
    ...asRoot(),
  ];
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
