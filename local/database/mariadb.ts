import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import mysql, { type Connection, type ConnectionOptions, type Pool } from 'mysql2/promise';
import { freePort } from '../processes/free-port';
import { watchOver } from '../processes/watch-over';
import type { KeyedCertificate } from '../rds/certificate-authority';
import { asRoot, install, ownTemporaryFolder } from './install';
import { keptPassword } from './kept-password';
import { findMariaDb } from './mariadb-program';

const START_SECONDS = 30;

/** How a server ended. */
export interface ServerExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Whether `stop` ended it. */
  readonly isStopped: boolean;
}

/**
 * A MariaDB server of our own, in a folder, on a free loopback port, with TLS. It believes the client address that a
 * PROXY header tells, so that host-scoped users are judged by the address a caller would have in the VPC.
 */
export class MariaDb {
  /** Resolves when the server process ends. A restarted server has a new promise. */
  exited!: Promise<ServerExit>;
  private pool: Pool | undefined;
  private process!: ChildProcess;
  private isStopped = false;

  private constructor(
    process: ChildProcess,
    readonly port: number,
    private readonly folder: string,
  ) {
    this.watch(process);
  }

  /**
   * Makes a new, empty server.
   *
   * @throws Error that tells what to install where there is no MariaDB, or what the server said where it does not start.
   */
  static async start(folder: string, certificate: KeyedCertificate): Promise<MariaDb> {
    await rm(join(folder, 'data'), { recursive: true, force: true });
    return MariaDb.open(folder, certificate);
  }

  /**
   * Opens the server that was made in a folder, with its users and its data; makes a new one where there is none.
   *
   * @throws Error as `start` does, and where another server still runs there.
   */
  static async open(folder: string, certificate: KeyedCertificate): Promise<MariaDb> {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'cert.pem'), certificate.cert);
    await writeFile(join(folder, 'key.pem'), certificate.key, { mode: 0o600 });
    if (!existsSync(join(folder, 'data'))) await install(folder);
    const port = await freePort();
    const server = new MariaDb(await launch(folder, port), port, folder);
    // SECURITY: it has no password. By the socket it comes through a folder that is closed to others.
    await server.query("DELETE FROM mysql.global_priv WHERE User = 'root' AND Host <> 'localhost'");
    await server.query('FLUSH PRIVILEGES');
    return server;
  }

  /** Starts the server again after it has ended, with its data and at its port. @throws Error as `open` does */
  async restart(): Promise<void> {
    this.watch(await launch(this.folder, this.port));
  }

  /** A connection with every right, for the one who runs the server. */
  async admin(): Promise<Connection> {
    return mysql.createConnection(asAdmin(this.folder));
  }

  /** Asks with every right, on a connection that is kept. Values take the place of `?`. */
  async query<Row>(statement: string, values: readonly unknown[] = []): Promise<Row[]> {
    this.pool ??= mysql.createPool({ ...asAdmin(this.folder), connectionLimit: 2 });
    return (await this.pool.query(statement, [...values]))[0] as Row[];
  }

  /**
   * What users of AWSAuthenticationPlugin, which MariaDB lacks, have for a password in here. Only who stands in front of
   * the server knows it. It lasts as long as the data does.
   */
  get iamPassword(): string {
    return keptPassword(join(this.folder, 'data', 'iam-password'));
  }

  /** Ends the server; `SIGKILL` as a crash would. */
  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    this.isStopped = true;
    await this.pool?.end();
    this.pool = undefined;
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    this.process.kill(signal);
    await this.exited;
  }

  private watch(process: ChildProcess): void {
    this.process = process;
    this.isStopped = false;
    this.exited = new Promise((resolve) => {
      const settle = (code: number | null, signal: NodeJS.Signals | null): void =>
        resolve({ code, signal, isStopped: this.isStopped });
      if (process.exitCode !== null || process.signalCode !== null) settle(process.exitCode, process.signalCode);
      else process.once('exit', settle);
    });
  }
}

async function launch(folder: string, port: number): Promise<ChildProcess> {
  if (await answers(folder)) {
    throw new Error(`A MariaDB server still runs on ${folder}. End it, or use another folder.`);
  }
  const log = join(folder, 'error.log');
  await rm(log, { force: true });
  const words = [...options(folder, port, log), ...(await ownTemporaryFolder(folder))];
  const server = spawn(findMariaDb(), words, { stdio: 'ignore', detached: true });
  watchOver(server);
  for (let tenths = 0; tenths < START_SECONDS * 10 && server.exitCode === null; tenths += 1) {
    await sleep(100);
    if (await answers(folder)) return server;
  }
  server.kill();
  throw new Error(`MariaDB does not start:\n${await readFile(log, 'utf8').catch(() => 'it has written no log')}`);
}

function options(folder: string, port: number, log: string): string[] {
  return [
    '--no-defaults',
    `--datadir=${join(folder, 'data')}`,
    `--socket=${socketIn(folder)}`,
    `--pid-file=${join(folder, 'pid')}`,
    `--log-error=${log}`,
    '--bind-address=127.0.0.1',
    `--port=${port}`,
    '--proxy-protocol-networks=127.0.0.1',
    `--ssl-cert=${join(folder, 'cert.pem')}`,
    `--ssl-key=${join(folder, 'key.pem')}`,
    '--character-set-server=utf8mb4',
    // Callers have addresses of a VPC that no resolver of this machine knows.
    '--skip-name-resolve',
    ...asRoot(),
  ];
}

const asAdmin = (folder: string): ConnectionOptions => ({ socketPath: socketIn(folder), user: 'root' });

async function answers(folder: string): Promise<boolean> {
  try {
    await (await mysql.createConnection(asAdmin(folder))).end();
    return true;
  } catch {
    return false;
  }
}

/** Short: a socket's path holds about a hundred characters. */
const socketIn = (folder: string): string => join(folder, 's');
