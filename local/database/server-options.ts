import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { MYSQL_VERSION } from './mysql-names';

/** Options with which an empty server takes 35 MB of disk. By default it takes 160 MB, and more than 300 MB after use. */
export const SMALL_SERVER_OPTIONS = [
  '--innodb-log-file-size=16M',
  '--innodb-data-file-path=ibdata1:5M:autoextend',
  '--innodb-temp-data-file-path=ibtmp1:2M:autoextend',
  // MB; the default is 64.
  '--innodb-autoextend-increment=1',
  '--aria-log-file-size=8M',
];

export const socketIn = (folder: string): string => join(folder, 's');
export const initFileIn = (folder: string): string => join(folder, 'init.sql');
export const errorFileIn = (folder: string): string => join(folder, 'error.log');

/** Returns MariaDB's command line options for a folder. */
export async function serverOptions(folder: string): Promise<string[]> {
  // SECURITY: LOAD DATA, SELECT … INTO OUTFILE and LOAD_FILE() reach only this folder, which is empty.
  const files = join(folder, 'files');
  await mkdir(files, { recursive: true });
  return [
    '--no-defaults',
    `--datadir=${join(folder, 'data')}`,
    `--socket=${socketIn(folder)}`,
    `--pid-file=${join(folder, 'pid')}`,
    `--log-error=${errorFileIn(folder)}`,
    `--slow-query-log-file=${join(folder, 'slow-query.log')}`,
    `--general-log-file=${join(folder, 'general.log')}`,
    `--init-file=${initFileIn(folder)}`,
    '--skip-networking',
    // MariaDB accepts PROXY headers only from this source; "localhost" means the Unix socket.
    '--proxy-protocol-networks=localhost',
    `--secure-file-priv=${files}`,
    `--ssl-cert=${join(folder, 'cert.pem')}`,
    `--ssl-key=${join(folder, 'key.pem')}`,
    `--version=${MYSQL_VERSION}`,
    // Clients have VPC addresses. A lookup of their names would fail, because no resolver of this machine knows them.
    '--skip-name-resolve',
    ...SMALL_SERVER_OPTIONS,
    `--tmpdir=${await ownTemporaryFolder(folder)}`,
    ...userOption(),
  ];
}

/** Creates a temporary folder for this server alone, because a server deletes all temporary tables in its folder when it starts. */
export async function ownTemporaryFolder(folder: string): Promise<string> {
  const temporary = join(folder, 'tmp');
  await mkdir(temporary, { recursive: true });
  return temporary;
}

/** Returns the option that the server needs to run as root. */
function userOption(): string[] {
  return process.getuid?.() === 0 ? ['--user=root'] : [];
}
