import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { keptPassword } from '../../../local/database/kept-password';
import { MariaDb } from '../../../local/database/mariadb';
import { CertificateAuthority } from '../../../local/rds/certificate-authority';

jest.setTimeout(60_000);

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mariadb-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('MariaDb', () => {
  const certificate = async () => (await CertificateAuthority.create()).issue('localhost');

  it('keeps its data and its password for IAM users from start to start, until it is made anew', async () => {
    const first = await MariaDb.open(folder, await certificate());
    await first.query('CREATE DATABASE kept');
    const { iamPassword } = first;
    await first.stop();

    const second = await MariaDb.open(folder, await certificate());
    expect(await second.query("SHOW DATABASES LIKE 'kept'")).toHaveLength(1);
    expect(second.iamPassword).toBe(iamPassword);
    await second.stop();

    const third = await MariaDb.start(folder, await certificate());
    expect(await third.query("SHOW DATABASES LIKE 'kept'")).toEqual([]);
    expect(third.iamPassword).not.toBe(iamPassword);
    await third.stop();
  });

  it('lets nobody in as root but by its socket, which lies in its folder', async () => {
    const server = await MariaDb.open(folder, await certificate());
    const login = { host: '127.0.0.1', port: server.port, user: 'root', ssl: { rejectUnauthorized: false } };
    const refused = await createConnection(login).catch((error: unknown) => error);
    await server.stop();
    expect(refused).toMatchObject({ code: 'ER_ACCESS_DENIED_ERROR' });
  });

  it('takes data that was half made for none', async () => {
    const half = join(folder, 'data.new');
    writeFileSync(half, 'interrupted');
    const server = await MariaDb.open(folder, await certificate());
    expect(await server.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await server.stop();
    expect(existsSync(half)).toBe(false);
  });

  it('leaves the temporary tables of other servers alone when it starts', async () => {
    const server = await MariaDb.open(join(folder, 'one'), await certificate());
    const session = await server.admin();
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

  it('does not start where another server still runs', async () => {
    const server = await MariaDb.open(folder, await certificate());
    const second = await MariaDb.open(folder, await certificate()).catch((error: unknown) => error);
    await server.stop();
    expect(second).toEqual(new Error(`A MariaDB server still runs on ${folder}. End it, or use another folder.`));
  });
});

describe('keptPassword', () => {
  it('is random, stays, and is for the owner of its file alone', () => {
    const [one, other] = [join(folder, 'one'), join(folder, 'other')];
    const password = keptPassword(one);
    expect(password).toMatch(/^[0-9a-f]{48}$/);
    expect([keptPassword(one), readFileSync(one, 'utf8')]).toEqual([password, password]);
    expect(keptPassword(other)).not.toBe(password);
    expect(statSync(one).mode & 0o777).toBe(0o600);
  });
});
