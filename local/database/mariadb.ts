import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import mysql, { type Connection } from 'mysql2/promise';
import type { KeyedCertificate } from '../rds/certificate-authority';
import { findMariaDb } from './mariadb-program';

const run = promisify(execFile);

const START_SECONDS = 30;

/**
 * A MariaDB server of our own, in a folder, on a free loopback port, with TLS. It believes the client address that a
 * PROXY header tells, so that host-scoped users are judged by the address a caller would have in the VPC.
 */
export class MariaDb {
  private constructor(
    private readonly process: ChildProcess,
    readonly port: number,
    private readonly socket: string,
  ) {}

  /**
   * Makes a new, empty server.
   *
   * @throws Error that tells what to install where there is no MariaDB, or what the server said where it does not start.
   */
  static async start(folder: string, certificate: KeyedCertificate, port = 0): Promise<MariaDb> {
    const data = join(folder, 'data');
    await rm(data, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'cert.pem'), certificate.cert);
    await writeFile(join(folder, 'key.pem'), certificate.key, { mode: 0o600 });
    await run(findMariaDb('mariadb-install-db'), [
      '--no-defaults',
      `--datadir=${data}`,
      '--auth-root-authentication-method=normal',
      '--skip-test-db',
      ...asRoot(),
    ]);
    return MariaDb.launch(folder, port || (await freePort()));
  }

  private static async launch(folder: string, port: number): Promise<MariaDb> {
    const socket = join(folder, 's');
    const log = join(folder, 'error.log');
    const server = spawn(
      findMariaDb(),
      [
        '--no-defaults',
        `--datadir=${join(folder, 'data')}`,
        `--socket=${socket}`,
        `--pid-file=${join(folder, 'pid')}`,
        `--log-error=${log}`,
        '--bind-address=127.0.0.1',
        `--port=${port}`,
        '--proxy-protocol-networks=127.0.0.1',
        `--ssl-cert=${join(folder, 'cert.pem')}`,
        `--ssl-key=${join(folder, 'key.pem')}`,
        '--character-set-server=utf8mb4',
        ...asRoot(),
      ],
      { stdio: 'ignore' },
    );
    const mariadb = new MariaDb(server, port, socket);
    for (let tenths = 0; tenths < START_SECONDS * 10 && server.exitCode === null; tenths += 1) {
      await sleep(100);
      if (await mariadb.answers()) return mariadb;
    }
    server.kill();
    throw new Error(`MariaDB does not start:\n${await readFile(log, 'utf8').catch(() => 'it has written no log')}`);
  }

  /** A connection with every right, for the one who runs the server. */
  async admin(): Promise<Connection> {
    return mysql.createConnection({ socketPath: this.socket, user: 'root' });
  }

  /** Ends the server; `SIGKILL` as a crash would. */
  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const ended = once(this.process, 'exit');
    this.process.kill(signal);
    await ended;
  }

  private async answers(): Promise<boolean> {
    try {
      await (await this.admin()).end();
      return true;
    } catch {
      return false;
    }
  }
}

/** Servers refuse to run as root unless told to. */
function asRoot(): string[] {
  return process.getuid?.() === 0 ? ['--user=root'] : [];
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
