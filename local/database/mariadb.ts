import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import mysql, { type Connection, type ConnectionOptions, type Pool } from 'mysql2/promise';
import { exitOf, hasEnded, type ServerExit } from '../processes/server-exit';
import { checkSocketPath } from '../processes/socket-path';
import { watchOver } from '../processes/watch-over';
import type { KeyedCertificate } from '../certificates/certificate-authority';
import { createDataFolder } from './data-folder';
import { findMariaDb } from './mariadb-program';
import { ServerParameters, type Parameters } from './parameters';
import { errorFileIn, initFileIn, serverOptions, socketIn } from './server-options';

const START_SECONDS = 30;

/**
 * Runs a MariaDB server with TLS. It reads the client's address from a PROXY header, so an account such as `'app'@'10.0.%'`
 * matches by the address that the client would have on AWS.
 *
 * SECURITY: a PROXY header can claim any address, `localhost` included. The server therefore listens only on a Unix socket,
 * in a folder that other users of this machine cannot enter.
 */
export class MariaDb {
  /** Resolves when the server process ends. A restarted server has a new promise. */
  exited!: Promise<ServerExit>;
  private pool: Pool | undefined;
  private process!: ChildProcess;
  private isStopped = false;
  private parameters: Parameters = {};
  private serverParameters!: ServerParameters;

  private constructor(
    process: ChildProcess,
    private readonly folder: string,
  ) {
    this.adopt(process);
  }

  /**
   * Starts a server on the data in a folder. If there is no data yet, creates an empty database.
   *
   * @throws Error if MariaDB is missing (the message says how to install it), if the server does not start (the message contains the
   *   server's log), if another server still runs in the folder, or if the path of the socket is too long.
   */
  static async open(folder: string, certificate: KeyedCertificate): Promise<MariaDb> {
    checkSocketPath(socketIn(folder));
    await mkdir(folder, { recursive: true });
    await chmod(folder, 0o700);
    await writeFile(join(folder, 'cert.pem'), certificate.cert);
    await writeFile(join(folder, 'key.pem'), certificate.key, { mode: 0o600 });
    if (!existsSync(join(folder, 'data'))) await createDataFolder(folder);
    const server = new MariaDb(await launch(folder), folder);
    await server.configure({});
    return server;
  }

  /** Path of the Unix socket that the server listens on. */
  get socket(): string {
    return socketIn(this.folder);
  }

  /** Restarts an ended server with its data and socket. @throws Error as `open` does */
  async restart(): Promise<void> {
    this.adopt(await launch(this.folder));
    await this.configure(this.parameters);
  }

  /** Applies a parameter group. @returns a line for each parameter without effect */
  configure(parameters: Parameters): Promise<string[]> {
    this.parameters = parameters;
    return this.serverParameters.apply(parameters);
  }

  /** Opens a connection as root. */
  async connectAsRoot(): Promise<Connection> {
    return mysql.createConnection(rootOptions(this.folder));
  }

  /** Runs a statement as root, on a pooled connection. Values replace `?`. */
  async query<Row>(statement: string, values: readonly unknown[] = []): Promise<Row[]> {
    this.pool ??= mysql.createPool({ ...rootOptions(this.folder), connectionLimit: 2 });
    return (await this.pool.query(statement, [...values]))[0] as Row[];
  }

  /**
   * All users that are declared with AWSAuthenticationPlugin have this password, because MariaDB lacks the plugin. Only the endpoints in
   * front of the server know the password. It stays the same as long as the data exists.
   */
  get iamPassword(): string {
    return passwordIn(this.folder, 'iam');
  }

  /** Ends the server. With `SIGKILL` it ends at once, as in a crash. */
  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    this.isStopped = true;
    await this.pool?.end();
    this.pool = undefined;
    if (hasEnded(this.process)) return;
    this.process.kill(signal);
    await this.exited;
  }

  /** Takes control of a started server process. */
  private adopt(process: ChildProcess): void {
    this.process = process;
    this.serverParameters = new ServerParameters((statement, values) => this.query(statement, values));
    this.isStopped = false;
    this.exited = exitOf(process, () => this.isStopped);
  }
}

async function launch(folder: string): Promise<ChildProcess> {
  if (await answers(folder)) {
    throw new Error(`A MariaDB server still runs in ${folder}. End it, or use another folder.`);
  }
  const log = errorFileIn(folder);
  await rm(log, { force: true });
  await writeFile(initFileIn(folder), initStatements(folder), { mode: 0o600 });
  const server = spawn(findMariaDb(), await serverOptions(folder), { stdio: 'ignore', detached: true });
  // If the program cannot be started, there is no log, and only this error has the reason.
  let failure = '';
  server.on('error', (error) => (failure = error.message));
  watchOver(server);
  for (let tenths = 0; tenths < START_SECONDS * 10 && !hasEnded(server); tenths += 1) {
    await sleep(100);
    if (await answers(folder)) return server;
  }
  server.kill();
  throw new Error(`MariaDB does not start:\n${await readFile(log, 'utf8').catch(() => failure || 'it wrote no log')}`);
}

/**
 * SQL that runs at each start, before the server accepts connections. SECURITY: the installer creates root users without a
 * password; these statements set one and remove the root users of other hosts.
 */
const initStatements = (folder: string): string =>
  [
    `ALTER USER root@localhost IDENTIFIED BY '${passwordIn(folder, 'root')}';`,
    "DELETE FROM mysql.global_priv WHERE User = 'root' AND Host <> 'localhost';",
    'FLUSH PRIVILEGES;\n',
  ].join('\n');

/** Reads the user's random password from a file with mode 0600. Creates the file if it does not exist. */
function passwordIn(folder: string, user: 'root' | 'iam'): string {
  const file = join(folder, 'data', `${user}-password`);
  if (!existsSync(file)) writeFileSync(file, randomBytes(24).toString('hex'), { mode: 0o600 });
  return readFileSync(file, 'utf8');
}

const rootOptions = (folder: string): ConnectionOptions => ({
  socketPath: socketIn(folder),
  user: 'root',
  password: passwordIn(folder, 'root'),
});

async function answers(folder: string): Promise<boolean> {
  try {
    await (await mysql.createConnection(rootOptions(folder))).end();
    return true;
  } catch {
    return false;
  }
}
