import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { MariaDb } from '../../database/mariadb';
import { CertificateAuthority } from '../../certificates/certificate-authority';

jest.setTimeout(60_000);

/** User ids on Linux: of root, and of the least privileged user. */
const [ROOT, OTHER_USER] = [0, 65_534];

/**
 * Header of the PROXY protocol, version 2, for a connection between two Unix sockets. MariaDB treats such a client as local.
 * https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt
 */
const UNIX_SOCKET_HEADER = Buffer.concat([Buffer.from('0d0a0d0a000d0a515549540a213100d8', 'hex'), Buffer.alloc(216)]);

const { PATH } = process.env;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mariadb-'));
});

afterEach(() => {
  process.env['PATH'] = PATH;
  rmSync(folder, { recursive: true, force: true });
});

describe('MariaDb', () => {
  const certificate = async () => (await CertificateAuthority.create()).issue('localhost');

  it('keeps its data and the password of IAM users across starts', async () => {
    const first = await MariaDb.open(folder, await certificate());
    await first.query('CREATE DATABASE kept');
    const { iamPassword } = first;
    expect(iamPassword).toMatch(/^[0-9a-f]{48}$/);
    expect(statSync(join(folder, 'data', 'iam-password')).mode & 0o777).toBe(0o600);
    await first.stop();

    const second = await MariaDb.open(folder, await certificate());
    expect(await second.query("SHOW DATABASES LIKE 'kept'")).toHaveLength(1);
    expect(second.iamPassword).toBe(iamPassword);
    await second.stop();
  });

  describe('is closed to other users of this machine:', () => {
    /** A folder that other users can read. */
    const readable = mkdtempSync(join(tmpdir(), 'mariadb-'));
    const database = join(readable, 'database');
    let server: MariaDb;

    beforeAll(async () => {
      chmodSync(readable, 0o755);
      server = await MariaDb.open(database, await certificate());
    });

    afterAll(async () => {
      await server.stop();
      rmSync(readable, { recursive: true });
    });

    it('it listens on no network, and only its owner can read its folder', async () => {
      expect(await server.query('SELECT @@skip_networking AS off, @@port AS port')).toEqual([{ off: 1, port: 0 }]);
      expect(statSync(database).mode & 0o777).toBe(0o700);
    });

    // Only root can start a program as another user.
    (process.getuid?.() === 0 ? it : it.skip)('another user cannot connect to its socket', () => {
      const program = `net.connect(${JSON.stringify(server.socket)}).on('error', ({ code }) => console.log(code)).on('connect', () => { console.log('connected'); process.exit(); })`;
      const connectAs = (uid: number) =>
        execFileSync(process.execPath, ['-e', program], { uid, cwd: '/' }).toString().trim();
      expect(connectAs(OTHER_USER)).toBe('EACCES');
      expect(connectAs(ROOT)).toBe('connected');
    });

    it('root needs a password even if a PROXY header claims that the client is local', async () => {
      const stream = connect(server.socket);
      stream.write(UNIX_SOCKET_HEADER);
      const login = createConnection({ stream, user: 'root', database: 'mysql' });
      await expect(login).rejects.toMatchObject({ code: 'ER_ACCESS_DENIED_ERROR' });
    });

    it('SQL cannot read files of this machine', async () => {
      const secret = join(readable, 'secret');
      writeFileSync(secret, 'secret', { mode: 0o644 });
      expect(await server.query('SELECT LOAD_FILE(?) AS content', [secret])).toEqual([{ content: null }]);
      await server.query('CREATE TABLE mysql.stolen (content TEXT)');
      await expect(server.query('LOAD DATA INFILE ? INTO TABLE mysql.stolen', [secret])).rejects.toMatchObject({
        code: 'ER_OPTION_PREVENTS_STATEMENT',
      });
    });
  });

  it('takes less than 50 MB of disk when empty', async () => {
    const server = await MariaDb.open(folder, await certificate());
    await server.stop();
    const files = readdirSync(join(folder, 'data'), { recursive: true, withFileTypes: true }).filter((file) =>
      file.isFile(),
    );
    const bytes = files.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
    expect(bytes).toBeLessThan(50_000_000);
  });

  it('sets a password for root if root has none', async () => {
    const server = await MariaDb.open(folder, await certificate());
    await server.query("ALTER USER root@localhost IDENTIFIED BY ''");
    await server.stop('SIGKILL');
    await server.restart();
    const login = createConnection({ socketPath: server.socket, user: 'root' });
    await expect(login).rejects.toMatchObject({ code: 'ER_ACCESS_DENIED_ERROR' });
    await server.stop();
  });

  it('rejects a folder whose path is too long for a Unix socket', async () => {
    const long = join(folder, 'x'.repeat(100));
    await expect(MariaDb.open(long, await certificate())).rejects.toThrow(
      /must have at most 103 bytes, got \d+\. Use a folder with a shorter path\.$/,
    );
  });

  it('keeps the temporary tables of other servers when it starts', async () => {
    const server = await MariaDb.open(join(folder, 'one'), await certificate());
    const session = await server.connectAsRoot();
    await session.query('CREATE TEMPORARY TABLE mysql.temporary (number INT) ENGINE=Aria');
    const other = await MariaDb.open(join(folder, 'other'), await certificate());
    const dropped = await session.query('DROP TEMPORARY TABLE mysql.temporary').catch((error: unknown) => error);
    await session.end();
    await Promise.all([server.stop(), other.stop()]);
    expect(dropped).not.toBeInstanceOf(Error);
  });

  it('reports how each of its processes ended', async () => {
    const server = await MariaDb.open(folder, await certificate());
    const pidFile = join(folder, 'pid');
    const first = server.exited;
    process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGKILL');
    expect(await first).toEqual({ code: null, signal: 'SIGKILL', isStopped: false });
    await server.restart();
    await server.stop();
    expect(await server.exited).toEqual({ code: 0, signal: null, isStopped: true });
  });

  // The timeout of 20 s is shorter than MariaDb’s wait for a slow server, so the test fails if MariaDb waits.
  it('fails at once if a signal ends the server while it starts', async () => {
    const programs = join(folder, 'bin');
    mkdirSync(programs);
    mkdirSync(join(folder, 'data'));
    writeFileSync(join(programs, 'mariadbd'), '#!/bin/sh\nkill -ABRT $$\n', { mode: 0o755 });
    process.env['PATH'] = `${programs}:${PATH ?? ''}`;
    await expect(MariaDb.open(folder, await certificate())).rejects.toThrow(/^MariaDB does not start:/);
  }, 20_000);

  it('does not start if another server still runs in the folder', async () => {
    const server = await MariaDb.open(folder, await certificate());
    const second = await MariaDb.open(folder, await certificate()).catch((error: unknown) => error);
    await server.stop();
    expect(second).toEqual(new Error(`A MariaDB server still runs in ${folder}. End it, or use another folder.`));
  });
});
