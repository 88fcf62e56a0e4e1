import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import mysql, { type ConnectionOptions } from 'mysql2/promise';
import { migrate, type Migrated } from '../../../functions/bootstrap/migrate';
import { hasColumns, MIGRATIONS, type Migration } from '../../../functions/bootstrap/migrations';
import { Database, UNLIMITED_MS, type Query } from '../../../functions/shared/database/database';
import { Locked, withServerLock } from '../../../functions/shared/database/server-lock';
import { CertificateAuthority, keepMasterUser, MariaDb } from '../../../local/__tests__/support';
import { VERIFIED_TLS as tls } from '../../support/verified-tls';

jest.setTimeout(60_000);

const folder = mkdtempSync(join(tmpdir(), 'migrate-'));
let server: MariaDb;

/** Connects as the function does, but through the socket of the server. */
const { createConnection } = mysql;
const onSocket = ({ user, password, database, connectTimeout }: ConnectionOptions) =>
  createConnection({
    socketPath: server.socket,
    dateStrings: true,
    ...(database !== undefined && { database }),
    ...(user !== undefined && { user }),
    ...(password !== undefined && { password }),
    ...(connectTimeout !== undefined && { connectTimeout }),
  });

beforeAll(async () => {
  server = await MariaDb.open(folder, await (await CertificateAuthority.create()).issue('localhost'));
  await keepMasterUser(server, 'admin', 'master password');
});

beforeEach(async () => {
  jest.spyOn(mysql, 'createConnection').mockImplementation(onSocket);
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  await server.query('DROP DATABASE IF EXISTS app');
});

afterEach(() => jest.restoreAllMocks());

afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

const LOCK = { name: 'bootstrap', description: 'the lock', holder: 'another', otherwise: 'Nothing was changed' };

/** Runs migrations as the function does. */
async function run(migrations: readonly Migration[] = MIGRATIONS, milliseconds = 60_000): Promise<Migrated> {
  const logins = async function* () {
    yield await Promise.resolve({ user: 'admin', password: 'master password', clearText: false });
  };
  const database = new Database({ host: 'db', port: 3306, tls }, { logins, checks: [] });
  try {
    return await database.run(
      (query) => withServerLock(query, LOCK, () => migrate(query, 'app', () => milliseconds, migrations)),
      UNLIMITED_MS,
    );
  } finally {
    await database.close();
  }
}

const ids = (migrations: readonly Migration[]): string[] => migrations.map(({ id }) => id);
const recorded = () => server.query<{ id: string }>('SELECT id FROM app.deployment_migrations ORDER BY id');
const items = async (): Promise<string[]> =>
  (await server.query<{ name: string }>('SELECT name FROM app.items ORDER BY id')).map(({ name }) => name);

const hasColumn = (table: string, column: string): string =>
  `SELECT 1 FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = '${table}' AND COLUMN_NAME = '${column}'`;

const price: Migration = {
  id: '0003-price',
  statement: 'ALTER TABLE items ADD COLUMN price INT',
  done: hasColumn('items', 'price'),
};

const FIRST_ITEMS = ['notebook', 'pencil', 'eraser', 'ruler'];

describe('a migration', () => {
  it('runs once, in order, and is recorded', async () => {
    expect(await run()).toEqual({ applied: ids(MIGRATIONS), unknown: [] });
    expect(await items()).toEqual(FIRST_ITEMS);
    expect(await run()).toEqual({ applied: [], unknown: [] });
    expect(await run([...MIGRATIONS, price])).toEqual({ applied: ['0003-price'], unknown: [] });
    expect(await run([...MIGRATIONS, price])).toEqual({ applied: [], unknown: [] });
    expect((await recorded()).map(({ id }) => id)).toEqual([...ids(MIGRATIONS), '0003-price']);
  });

  it.each([
    ['some', "DELETE FROM app.items WHERE name <> 'ruler'", ['ruler', 'stapler']],
    ['all', 'DELETE FROM app.items', ['stapler']],
  ])('adopts the tables of a deployment without a record after %s rows were deleted', async (_what, del, left) => {
    await run();
    await server.query("INSERT INTO app.timestamps VALUES ('2026-01-31 12:00:00.123', UNHEX(MD5('1')))");
    await server.query('DROP TABLE app.deployment_migrations');
    await server.query(del);
    await server.query("INSERT INTO app.items (name) VALUES ('stapler')");

    expect((await run()).applied).toEqual(ids(MIGRATIONS));
    expect(await items()).toEqual(left);
    expect(await server.query('SELECT 1 FROM app.timestamps')).toHaveLength(1);
    await run();
    expect(await items()).toEqual(left);
  });

  it.each([...MIGRATIONS, price])(
    'is recorded by the next run if the function ended before it recorded it: $id',
    async ({ id }) => {
      const all = [...MIGRATIONS, price];
      const later = all.slice(all.findIndex((one) => one.id === id));
      await run(all.filter((one) => !later.slice(1).includes(one)));
      await server.query('DELETE FROM app.deployment_migrations WHERE id = ?', [id]);
      expect((await run(all)).applied).toEqual(ids(later));
      expect(await items()).toEqual(FIRST_ITEMS);
    },
  );

  it('finds a JSON column, which MariaDB shows as longtext, and no other text', async () => {
    const json: Migration = {
      id: '0003-documents',
      statement: 'CREATE TABLE documents (id INT, body JSON, note LONGTEXT)',
      done: hasColumns('documents', { id: 'int', body: 'json', note: 'longtext' }),
    };
    await run([...MIGRATIONS, json]);
    await server.query('DELETE FROM app.deployment_migrations WHERE id = ?', [json.id]);
    expect((await run([...MIGRATIONS, json])).applied).toEqual([json.id]);
    const inApp = (query: string): string => query.replaceAll('DATABASE()', "'app'");
    expect(await server.query(inApp(hasColumns('documents', { note: 'json' })))).toEqual([]);
  });

  it('fails if a table of its name has other columns', async () => {
    await server.query('CREATE DATABASE app');
    await server.query('CREATE TABLE app.items (note TEXT)');
    await expect(run()).rejects.toThrow(
      /^The migration 0002-items could not be applied: Table '\S*items' already exists\. The statement had no effect; earlier migrations stay\. Fix the cause and apply again\.$/,
    );
    await server.query('RENAME TABLE app.items TO app.notes');
    expect((await run()).applied).toEqual(['0002-items']);
  });

  it('that fails has no effect and keeps the migrations before it', async () => {
    await run();
    const unique: Migration = {
      id: '0004-one-price',
      statement: 'ALTER TABLE items ADD COLUMN stock INT, ADD UNIQUE INDEX one_price (price)',
      done: hasColumn('items', 'stock'),
    };
    const all = [...MIGRATIONS, { ...price, statement: 'ALTER TABLE items ADD COLUMN price INT DEFAULT 1' }, unique];
    await expect(run(all)).rejects.toThrow(/^The migration 0004-one-price could not be applied: Duplicate entry '1'/);
    expect((await recorded()).at(-1)).toEqual({ id: '0003-price' });
    expect(await server.query(hasColumn('items', 'stock').replace('DATABASE()', "'app'"))).toEqual([]);
    await server.query('UPDATE app.items SET price = id');
    expect((await run(all)).applied).toEqual(['0004-one-price']);
  });

  it('whose table was dropped runs again once its row and later rows are removed from the record', async () => {
    const all = [...MIGRATIONS, price];
    await run(all);
    await server.query('DROP TABLE app.items');
    expect((await run(all)).applied).toEqual([]);
    await server.query("DELETE FROM app.deployment_migrations WHERE id >= '0002-items'");
    expect((await run(all)).applied).toEqual(['0002-items', '0003-price']);
    expect(await items()).toEqual(FIRST_ITEMS);
    expect(await server.query('SELECT price FROM app.items')).toHaveLength(FIRST_ITEMS.length);
  });

  it('whose effect is present does not run again when its row is removed with that of a dropped table', async () => {
    await run();
    await server.query("DELETE FROM app.items WHERE name <> 'ruler'");
    await server.query('DROP TABLE app.timestamps');
    await server.query("DELETE FROM app.deployment_migrations WHERE id >= '0001-timestamps'");
    expect((await run()).applied).toEqual(ids(MIGRATIONS));
    expect(await items()).toEqual(['ruler']);
    expect(await server.query('SELECT 1 FROM app.timestamps')).toEqual([]);
  });

  it('that was changed after it ran is refused before any other statement', async () => {
    await run();
    const changed = MIGRATIONS.map((one) => ({ ...one, statement: one.statement.replace('100', '200') }));
    await expect(run([...changed, price])).rejects.toThrow(
      /^The statement of migration 0002-items has changed since it ran on \d{4}-\d\d-\d\d \d\d:\d\d UTC\. Nothing was changed\. Restore the statement\. Add the change as a new migration at the end of /,
    );
    expect(await recorded()).toHaveLength(MIGRATIONS.length);
    const spaced = MIGRATIONS.map((one) => ({ ...one, statement: one.statement.replace(/\s+/g, '\n  ') }));
    expect((await run(spaced)).applied).toEqual([]);
  });

  it('that precedes one that has already run is refused', async () => {
    await run();
    const early = { ...price, id: '0001-price' };
    await expect(run([early, ...MIGRATIONS])).rejects.toThrow(
      /^The migration 0001-price precedes 0001-timestamps, which has already run\. Nothing was changed\. Move it to the end of \S+ and give it a higher number/,
    );
  });

  it('of a newer version is reported and left alone', async () => {
    await run([...MIGRATIONS, price]);
    expect(await run()).toEqual({ applied: [], unknown: ['0003-price'] });
    expect(await run([...MIGRATIONS, price])).toEqual({ applied: [], unknown: [] });
  });
});

describe('concurrent bootstraps', () => {
  it('apply each migration once', async () => {
    const all = await Promise.all(Array.from({ length: 4 }, () => run([...MIGRATIONS, price])));
    expect(all.flatMap(({ applied }) => applied).sort()).toEqual([...ids(MIGRATIONS), '0003-price']);
    expect(await items()).toEqual(FIRST_ITEMS);
  });

  it('wait for the lock: the second changes nothing while the first holds it', async () => {
    const first = await onSocket({ user: 'admin', password: 'master password' });
    await first.query("DO GET_LOCK('bootstrap', 0)");
    await expect(run()).rejects.toThrow(Locked);
    expect(await server.query("SHOW DATABASES LIKE 'app'")).toEqual([]);
    await first.end();
    expect((await run()).applied).toEqual(ids(MIGRATIONS));
  });
});

describe('a query `done` that times out', () => {
  it('is reported as such, so that the caller retries: no statement is running', async () => {
    const timeout = Object.assign(new Error('Query inactivity timeout'), { code: 'PROTOCOL_SEQUENCE_TIMEOUT' });
    const query: Query = (sql) => (sql === price.done ? Promise.reject(timeout) : Promise.resolve([]));
    await expect(migrate(query, 'app', () => 60_000, [price])).rejects.toBe(timeout);
  });
});

describe('a statement that KILL QUERY ended', () => {
  it('is not repeated: the person who ended it may not want it', async () => {
    const interrupted = Object.assign(new Error('Query execution was interrupted'), { code: 'ER_QUERY_INTERRUPTED' });
    const statements: string[] = [];
    const query: Query = (sql) => {
      statements.push(sql);
      return sql === price.statement ? Promise.reject(interrupted) : Promise.resolve([]);
    };
    await expect(migrate(query, 'app', () => 60_000, [price])).rejects.toThrow(
      /^The migration 0003-price could not be applied: Query execution was interrupted\. The statement had no effect; /,
    );
    expect(statements.filter((sql) => sql === price.statement)).toHaveLength(1);
  });
});

describe('a slow statement', () => {
  /** Waits for a locked row. SLEEP would not do: it ends when its client disconnects. */
  const LONG: Migration = {
    id: '0003-long',
    statement: 'CREATE TABLE long_work SELECT open FROM gate LOCK IN SHARE MODE',
    done: hasColumn('long_work', 'open'),
  };

  beforeEach(async () => {
    await run();
  });

  it('continues after the function times out, keeps the lock, and is recorded by the next run', async () => {
    const gatekeeper = await onSocket({ user: 'admin', password: 'master password', database: 'app' });
    await gatekeeper.query('CREATE TABLE gate SELECT 1 AS open');
    await gatekeeper.query('BEGIN');
    await gatekeeper.query('SELECT open FROM gate FOR UPDATE');
    const all = [...MIGRATIONS, LONG];
    await expect(run(all, 700)).rejects.toThrow(
      /^The migration 0003-long could not be applied: the function ran out of time, and the database continues the statement\. Wait until SHOW FULL PROCESSLIST no longer lists it, then apply again/,
    );
    const isAtWork = () =>
      server.query("SELECT 1 FROM information_schema.PROCESSLIST WHERE INFO LIKE 'CREATE TABLE long_work%'");
    expect(await isAtWork()).toHaveLength(1);
    expect(await server.query("SELECT 1 WHERE IS_USED_LOCK('bootstrap') IS NOT NULL")).toHaveLength(1);
    await gatekeeper.end();
    let next: Migrated | undefined;
    while (next === undefined) {
      next = await run(all).catch((error: unknown) => {
        if (error instanceof Locked) return undefined;
        throw error;
      });
    }
    expect(next.applied).toEqual(['0003-long']);
    expect(await isAtWork()).toEqual([]);
    expect(await server.query('SELECT 1 FROM app.long_work')).toHaveLength(1);
  });

  it('may exceed the 5 s timeout of other statements', async () => {
    const slow: Migration = {
      id: '0003-slow',
      statement: 'CREATE TABLE slow SELECT SLEEP(5.5) AS slept',
      done: hasColumn('slow', 'slept'),
    };
    expect((await run([...MIGRATIONS, slow])).applied).toEqual(['0003-slow']);
  });

  it('fails after a short wait if an open transaction uses the table, and says so', async () => {
    const reader = await onSocket({ user: 'admin', password: 'master password' });
    await reader.query('BEGIN');
    await reader.query('SELECT * FROM app.items');
    await expect(run([...MIGRATIONS, price])).rejects.toThrow(
      /^The migration 0003-price could not be applied: Lock wait timeout exceeded.*An open transaction uses the table\. End it/,
    );
    await reader.end();
    await sleep(50);
    expect((await run([...MIGRATIONS, price])).applied).toEqual(['0003-price']);
  });
});
