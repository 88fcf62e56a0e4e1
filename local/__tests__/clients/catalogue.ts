import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { EndpointName } from '../support/local-database';
import type { ClientCheck } from './output-line';

/** A third-party client, and the program in `programs/` that uses it. */
export interface MysqlClient {
  readonly name: string;
  /** Where the client comes from. The table of results in docs/clients.md shows this text. */
  readonly source: string;
  /** Debian packages to install. @default - none: the client is an npm package in `package.json` of this folder */
  readonly packages?: readonly string[];
  /** Command that exits with 0 if the client is installed. */
  readonly probe: readonly string[];
  readonly command: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Checks that are expected to fail. If one of them passes, the suite fails. */
  readonly knownFailures?: Partial<Record<ClientCheck, Failure>>;
}

/** Where a check fails, and the reason. */
export interface Failure {
  readonly endpoints: readonly EndpointName[];
  readonly reason: string;
}

export const FOLDER = __dirname;
const program = (name: string): string => join(FOLDER, 'programs', name);
const JAR = '/usr/share/java/mariadb-java-client.jar';
const GO_PATH = '/usr/share/gocode';
/** Debian's Python, which has Debian's packages. Another Python may precede it on the PATH. */
const PYTHON = '/usr/bin/python3';

/**
 * Returns the command that runs a PHP program with enough memory for values of 20 MiB, and a timeout of 10 s for answers.
 * By default PHP waits for a day.
 */
const php = (name: string): string[] => [
  'php',
  '-d',
  'memory_limit=512M',
  '-d',
  'mysqlnd.net_read_timeout=10',
  program(name),
];

const PROXIES = ['passwordProxy', 'iamProxy'] as const;

/** Failure of clients that read the connection id for `KILL QUERY` from the server's greeting. */
const cancel: Failure = {
  endpoints: PROXIES,
  reason:
    "the greeting of a proxy contains the proxy's own connection id, but `KILL QUERY` finds only the id that `SELECT CONNECTION_ID()` returns",
};

const compression: Failure = {
  endpoints: ['instance'],
  reason:
    "the session is compressed only between the client and the local endpoint, so the local database's status variable `Compression` is OFF; RDS for MySQL would set it to ON",
};

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.html lists compression among the limitations of RDS Proxy. */
const phpCompression: Failure = {
  endpoints: ['instance', ...PROXIES],
  reason: `at the instance ${compression.reason}. The proxies do not offer compression; PHP requests it anyway and is refused ("Bad handshake")`,
};

const debian = (...packages: string[]) => ({ packages, source: `Debian's ${packages[0] ?? ''}` });
const npm = (name: string) => ({
  source: `npm's ${name}, with mysql2`,
  probe: [process.execPath, '-e', `require.resolve('${name}', { paths: ['${FOLDER}'] })`],
});

export const clients: readonly MysqlClient[] = [
  {
    name: 'mariadb, the command line',
    ...debian('mariadb-client'),
    probe: ['mariadb', '--version'],
    command: [process.execPath, program('mariadb.mjs')],
    knownFailures: { cancel, compression },
  },
  {
    name: 'PyMySQL',
    ...debian('python3-pymysql'),
    probe: [PYTHON, '-c', 'import pymysql'],
    command: [PYTHON, program('pymysql_client.py')],
    knownFailures: { cancel },
  },
  {
    name: 'MariaDB Connector/J',
    ...debian('libmariadb-java', 'default-jdk-headless'),
    probe: ['sh', '-c', `test -f ${JAR} && javac -version`],
    command: ['java', '-cp', JAR, program('Jdbc.java')],
    knownFailures: { cancel, compression },
  },
  {
    name: 'PHP mysqli',
    ...debian('php-mysql', 'php-cli'),
    probe: ['php', '-r', 'exit(extension_loaded("mysqli") ? 0 : 1);'],
    command: php('mysqli.php'),
    knownFailures: { cancel, compression: phpCompression },
  },
  {
    name: 'PHP PDO',
    ...debian('php-mysql', 'php-cli'),
    probe: ['php', '-r', 'exit(extension_loaded("pdo_mysql") ? 0 : 1);'],
    command: php('pdo.php'),
    knownFailures: { compression: phpCompression },
  },
  {
    name: 'Perl DBD::MariaDB',
    ...debian('libdbd-mariadb-perl'),
    probe: ['/usr/bin/perl', '-MDBD::MariaDB', '-e', '1'],
    command: ['/usr/bin/perl', program('dbi.pl'), 'MariaDB'],
    knownFailures: { cancel, compression },
  },
  {
    name: 'Perl DBD::mysql',
    ...debian('libdbd-mysql-perl'),
    probe: ['/usr/bin/perl', '-MDBD::mysql', '-e', '1'],
    command: ['/usr/bin/perl', program('dbi.pl'), 'mysql'],
    knownFailures: { cancel, compression },
  },
  {
    name: 'Go go-sql-driver/mysql',
    ...debian('golang-github-go-sql-driver-mysql-dev', 'golang-go'),
    probe: ['sh', '-c', `test -d ${GO_PATH}/src/github.com/go-sql-driver/mysql && go version`],
    command: ['go', 'run', program('driver.go')],
    environment: { GOPATH: GO_PATH, GO111MODULE: 'off', GOTOOLCHAIN: 'local' },
  },
  {
    name: 'knex',
    ...npm('knex'),
    command: [process.execPath, program('knex.mjs')],
    knownFailures: { cancel, compression },
  },
  {
    name: 'TypeORM',
    ...npm('typeorm'),
    command: [process.execPath, program('typeorm.mjs')],
    knownFailures: { compression },
  },
  {
    name: 'Drizzle',
    ...npm('drizzle-orm'),
    command: [process.execPath, program('drizzle.mjs')],
    knownFailures: { cancel, compression },
  },
];

/** Whether a client is installed here. */
export function isInstalled({ probe: [command = '', ...args], environment }: MysqlClient): boolean {
  return spawnSync(command, args, { stdio: 'ignore', env: { ...process.env, ...environment } }).status === 0;
}

/** Returns why a client is not installed, in one line. */
export function whyMissing({ packages }: MysqlClient): string {
  if (packages === undefined) return 'its npm package is missing; `npm ci` in local/__tests__/clients installs it';
  return `it needs ${packages.join(' and ')}, which \`npm run test:clients\` could not install`;
}
