import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Target } from '../support/local-database';
import type { ClientCheck } from './line';

/** A client that this project did not write, and the program in `programs/` that uses it. */
export interface MysqlClient {
  readonly name: string;
  /** Its source, for the table. */
  readonly from: string;
  /** Debian's packages, for the installation. @default - an npm package of `package.json` in this folder */
  readonly packages?: readonly string[];
  /** Command that exits with 0 if the client is installed. */
  readonly probe: readonly string[];
  readonly command: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Checks that fail. The suite also fails if one of them passes. */
  readonly fails?: Partial<Record<ClientCheck, Failure>>;
}

/** A failing check, with the endpoints and the reason. */
export interface Failure {
  readonly at: readonly Target[];
  readonly why: string;
}

export const FOLDER = __dirname;
const program = (name: string): string => join(FOLDER, 'programs', name);
const JAR = '/usr/share/java/mariadb-java-client.jar';
const GO_PATH = '/usr/share/gocode';
/** Debian's own Python, which has Debian's packages. The first one on the PATH may be another. */
const PYTHON = '/usr/bin/python3';

/** PHP's options, with a timeout for answers. By default PHP waits for a day. */
const php = (name: string): string[] => [
  'php',
  '-d',
  'memory_limit=512M',
  '-d',
  'mysqlnd.net_read_timeout=10',
  program(name),
];

const PROXIES = ['passwordProxy', 'iamProxy'] as const;

/** For clients that kill a statement by the connection id in the greeting. */
const cancel: Failure = {
  at: PROXIES,
  why: 'a proxy sends its own connection id, which `KILL QUERY` does not find; it finds the id of `SELECT CONNECTION_ID()`',
};

const compression: Failure = {
  at: ['instance'],
  why: 'the value comes back, but the status variable `Compression` is OFF; with RDS for MySQL it is ON',
};

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.html lists it among the limitations. */
const phpCompression: Failure = {
  at: ['instance', ...PROXIES],
  why: `at the instance ${compression.why}; PHP also compresses at the proxies, which do not offer it, and gets no answer within 10 s`,
};

const debian = (...packages: string[]) => ({ packages, from: `Debian's ${packages[0] ?? ''}` });
const npm = (name: string) => ({
  from: `npm's ${name}, with mysql2`,
  probe: [process.execPath, '-e', `require.resolve('${name}', { paths: ['${FOLDER}'] })`],
});

export const clients: readonly MysqlClient[] = [
  {
    name: 'mariadb, the command line',
    ...debian('mariadb-client'),
    probe: ['mariadb', '--version'],
    command: [process.execPath, program('mariadb.mjs')],
    fails: { cancel, compression },
  },
  {
    name: 'PyMySQL',
    ...debian('python3-pymysql'),
    probe: [PYTHON, '-c', 'import pymysql'],
    command: [PYTHON, program('pymysql_client.py')],
    fails: { cancel },
  },
  {
    name: 'MariaDB Connector/J',
    ...debian('libmariadb-java', 'default-jdk-headless'),
    probe: ['sh', '-c', `test -f ${JAR} && javac -version`],
    command: ['java', '-cp', JAR, program('Jdbc.java')],
    fails: { cancel, compression },
  },
  {
    name: 'PHP mysqli',
    ...debian('php-mysql', 'php-cli'),
    probe: ['php', '-r', 'exit(extension_loaded("mysqli") ? 0 : 1);'],
    command: php('mysqli.php'),
    fails: { cancel, compression: phpCompression },
  },
  {
    name: 'PHP PDO',
    ...debian('php-mysql', 'php-cli'),
    probe: ['php', '-r', 'exit(extension_loaded("pdo_mysql") ? 0 : 1);'],
    command: php('pdo.php'),
    fails: { compression: phpCompression },
  },
  {
    name: 'Perl DBD::MariaDB',
    ...debian('libdbd-mariadb-perl'),
    probe: ['/usr/bin/perl', '-MDBD::MariaDB', '-e', '1'],
    command: ['/usr/bin/perl', program('dbi.pl'), 'MariaDB'],
    fails: { cancel, compression },
  },
  {
    name: 'Perl DBD::mysql',
    ...debian('libdbd-mysql-perl'),
    probe: ['/usr/bin/perl', '-MDBD::mysql', '-e', '1'],
    command: ['/usr/bin/perl', program('dbi.pl'), 'mysql'],
    fails: { cancel, compression },
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
    fails: { cancel, compression },
  },
  {
    name: 'TypeORM',
    ...npm('typeorm'),
    command: [process.execPath, program('typeorm.mjs')],
    fails: { compression },
  },
  {
    name: 'Drizzle',
    ...npm('drizzle-orm'),
    command: [process.execPath, program('drizzle.mjs')],
    fails: { cancel, compression },
  },
];

/** Whether a client is installed here. */
export function isInstalled({ probe: [command = '', ...words], environment }: MysqlClient): boolean {
  return spawnSync(command, words, { stdio: 'ignore', env: { ...process.env, ...environment } }).status === 0;
}

/** Returns why a client is not installed, in one line. */
export function whyMissing({ packages }: MysqlClient): string {
  if (packages === undefined) return '`npm ci` in local/__tests__/clients has not installed it';
  return `the system has no ${packages.join(' and ')}, and \`npm run test:clients\` could not install it`;
}
