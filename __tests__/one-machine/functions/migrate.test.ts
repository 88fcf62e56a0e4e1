import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import mysql, { type ConnectionOptions } from 'mysql2/promise';
import { migrate, type Migrated } from '../../../functions/bootstrap/migrate';
import { queryForColumns, MIGRATIONS, type Migration } from '../../../functions/bootstrap/migrations';
import { Database, UNLIMITED_MS, type Query } from '../../../functions/shared/database/database';
import { Locked, withServerLock } from '../../../functions/shared/database/server-lock';
import { CertificateAuthority, createOrUpdateMasterUser, MariaDb } from '../../../local/__tests__/support';
import { VERIFIED_TLS as tls } from '../../support/verified-tls';

jest.setTimeout(60_000);

const folder = mkdtempSync(join(tmpdir(), 'migrate-'));
let server: MariaDb;

const { createConnection } = mysql;

/** Connects as the options say, but through the server's socket and without TLS. */
const connectToSocket = ({ user, password, database, connectTimeout }: ConnectionOptions) =>
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
  await createOrUpdateMasterUser(server, 'admin', 'master password');
});

beforeEach(async () => {
  jest.spyOn(mysql, 'createConnection').mockImplementation(connectToSocket);
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  await server.query('DROP DATABASE IF EXISTS app');
});

afterEach(() => jest.restoreAllMocks());

afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

const LOCK = { name: 'bootstrap', description: 'the lock', likelyCause: 'another', consequence: 'Nothing was changed' };

/** Runs migrations as the function does. @param statementMs time limit of each migration */
async function runMigrations(migrations: readonly Migration[] = MIGRATIONS, statementMs = 60_000): Promise<Migrated> {
  const logins = async function* () {
    yield await Promise.resolve({ user: 'admin', password: 'master password', clearText: false });
  };
  const database = new Database({ host: 'db', port: 3306, tls }, { logins, checks: [] });
  try {
    return await database.run(
      (query) => withServerLock(query, LOCK, () => migrate(query, 'app', () => statementMs, migrations)),
      UNLIMITED_MS,
    );
  } finally {
    await database.close();
  }
}

const idsOf = (migrations: readonly Migration[]): string[] => migrations.map(({ id }) => id);
const recordedIds = async (): Promise<string[]> =>
  (await server.query<{ id: string }>('SELECT id FROM app.deployment_migrations ORDER BY id')).map(({ id }) => id);
const itemNames = async (): Promise<string[]> =>
  (await server.query<{ name: string }>('SELECT name FROM app.items ORDER BY id')).map(({ name }) => name);

const queryForColumnName = (table: string, column: string): string =>
  `SELECT 1 FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = '${table}' AND COLUMN_NAME = '${column}'`;

const price: Migration = {
  id: '0003-price',
  statement: 'ALTER TABLE items ADD COLUMN price INT',
  effectQuery: queryForColumnName('items', 'price'),
};

const FIRST_ITEMS = ['notebook', 'pencil', 'eraser', 'ruler'];

describe('a migration', () => {
  it('runs once, after the earlier ones, and is recorded', async () => {
    expect(await runMigrations()).toEqual({ applied: idsOf(MIGRATIONS), unknown: [] });
    expect(await itemNames()).toEqual(FIRST_ITEMS);
    expect(await runMigrations()).toEqual({ applied: [], unknown: [] });
    expect(await runMigrations([...MIGRATIONS, price])).toEqual({ applied: ['0003-price'], unknown: [] });
    expect(await runMigrations([...MIGRATIONS, price])).toEqual({ applied: [], unknown: [] });
    expect(await recordedIds()).toEqual([...idsOf(MIGRATIONS), '0003-price']);
  });

  it('is recorded again but does not run again if the table of records is dropped', async () => {
    await runMigrations();
    await server.query("INSERT INTO app.timestamps VALUES ('2026-01-31 12:00:00.123', UNHEX(MD5('1')))");
    await server.query('DROP TABLE app.deployment_migrations');
    await server.query('DELETE FROM app.items');
    await server.query("INSERT INTO app.items (name) VALUES ('stapler')");

    expect((await runMigrations()).applied).toEqual(idsOf(MIGRATIONS));
    expect(await itemNames()).toEqual(['stapler']);
    expect(await server.query('SELECT 1 FROM app.timestamps')).toHaveLength(1);
  });

  it.each([...MIGRATIONS, price])(
    'is recorded by the next run if the function ended right before it recorded the migration: $id',
    async ({ id }) => {
      const all = [...MIGRATIONS, price];
      const index = all.findIndex((migration) => migration.id === id);
      await runMigrations(all.slice(0, index + 1));
      await server.query('DELETE FROM app.deployment_migrations WHERE id = ?', [id]);
      expect((await runMigrations(all)).applied).toEqual(idsOf(all.slice(index)));
      expect(await itemNames()).toEqual(FIRST_ITEMS);
    },
  );

  it('with a JSON column is recognised as done if its record is missing; a LONGTEXT column does not count as JSON', async () => {
    const json: Migration = {
      id: '0003-documents',
      statement: 'CREATE TABLE documents (id INT, body JSON, note LONGTEXT)',
      effectQuery: queryForColumns('documents', { id: 'int', body: 'json', note: 'longtext' }),
    };
    await runMigrations([...MIGRATIONS, json]);
    await server.query('DELETE FROM app.deployment_migrations WHERE id = ?', [json.id]);
    expect((await runMigrations([...MIGRATIONS, json])).applied).toEqual([json.id]);
    const inApp = (query: string): string => query.replaceAll('DATABASE()', "'app'");
    expect(await server.query(inApp(queryForColumns('documents', { note: 'json' })))).toEqual([]);
  });

  it('fails if its table already exists with only some of its columns', async () => {
    await server.query('CREATE DATABASE app');
    await server.query('CREATE TABLE app.items (id INT UNSIGNED, note TEXT)');
    await expect(runMigrations()).rejects.toThrow(
      /^The migration 0002-items could not be applied: Table '\S*items' already exists\. The statement had no effect; earlier migrations stay\. Fix the cause and deploy again\.$/,
    );
    await server.query('RENAME TABLE app.items TO app.notes');
    expect((await runMigrations()).applied).toEqual(['0002-items']);
  });

  it('fails after a short wait if an open transaction uses its table, and the error says so', async () => {
    await runMigrations();
    const reader = await connectToSocket({ user: 'admin', password: 'master password' });
    await reader.query('BEGIN');
    await reader.query('SELECT * FROM app.items');
    await expect(runMigrations([...MIGRATIONS, price])).rejects.toThrow(
      /^The migration 0003-price could not be applied: Lock wait timeout exceeded.*An open transaction uses the table\. End it/,
    );
    await reader.end();
    // The server ends the transaction a moment after the connection has ended.
    await sleep(50);
    expect((await runMigrations([...MIGRATIONS, price])).applied).toEqual(['0003-price']);
  });

  it('that fails has no effect, and the migrations before it stay applied', async () => {
    await runMigrations();
    const unique: Migration = {
      id: '0004-one-price',
      statement: 'ALTER TABLE items ADD COLUMN stock INT, ADD UNIQUE INDEX one_price (price)',
      effectQuery: queryForColumnName('items', 'stock'),
    };
    const all = [...MIGRATIONS, { ...price, statement: 'ALTER TABLE items ADD COLUMN price INT DEFAULT 1' }, unique];
    await expect(runMigrations(all)).rejects.toThrow(
      /^The migration 0004-one-price could not be applied: Duplicate entry '1'/,
    );
    expect((await recordedIds()).at(-1)).toBe('0003-price');
    expect(await server.query(queryForColumnName('items', 'stock').replace('DATABASE()', "'app'"))).toEqual([]);
    await server.query('UPDATE app.items SET price = id');
    expect((await runMigrations(all)).applied).toEqual(['0004-one-price']);
  });

  it('runs again if its table is dropped and the record lacks this migration and all later ones', async () => {
    const all = [...MIGRATIONS, price];
    await runMigrations(all);
    await server.query('DROP TABLE app.items');
    expect((await runMigrations(all)).applied).toEqual([]);
    await server.query("DELETE FROM app.deployment_migrations WHERE id >= '0002-items'");
    expect((await runMigrations(all)).applied).toEqual(['0002-items', '0003-price']);
    expect(await itemNames()).toEqual(FIRST_ITEMS);
    expect(await server.query('SELECT price FROM app.items')).toHaveLength(FIRST_ITEMS.length);
  });

  it('whose statement has changed since it ran is refused, unless only its spaces have changed', async () => {
    await runMigrations();
    const changed = MIGRATIONS.map((migration) => ({
      ...migration,
      statement: migration.statement.replace('100', '200'),
    }));
    await expect(runMigrations([...changed, price])).rejects.toThrow(
      /^The statement of migration 0002-items has changed since it ran on \d{4}-\d\d-\d\d \d\d:\d\d UTC, so the bootstrap applied no migrations\. Restore the statement\. Add the change as a new migration at the end of /,
    );
    expect(await recordedIds()).toHaveLength(MIGRATIONS.length);
    const reformatted = MIGRATIONS.map((migration) => ({
      ...migration,
      statement: migration.statement.replace(/\s+/g, '\n  '),
    }));
    expect((await runMigrations(reformatted)).applied).toEqual([]);
  });

  it('is refused if it is new but precedes one that has already run', async () => {
    await runMigrations();
    const early = { ...price, id: '0001-price' };
    await expect(runMigrations([early, ...MIGRATIONS])).rejects.toThrow(
      /^The migration 0001-price precedes 0001-timestamps, which has already run, so the bootstrap applied no migrations\. Move 0001-price to the end of \S+ and give it a higher number/,
    );
  });

  it('is reported and stays in the record if only a newer version of the function knows it', async () => {
    await runMigrations([...MIGRATIONS, price]);
    expect(await runMigrations()).toEqual({ applied: [], unknown: ['0003-price'] });
    expect(await runMigrations([...MIGRATIONS, price])).toEqual({ applied: [], unknown: [] });
  });
});

describe('concurrent runs', () => {
  it('apply each migration once', async () => {
    const results = await Promise.all(Array.from({ length: 4 }, () => runMigrations([...MIGRATIONS, price])));
    expect(results.flatMap(({ applied }) => applied).sort()).toEqual([...idsOf(MIGRATIONS), '0003-price']);
    expect(await itemNames()).toEqual(FIRST_ITEMS);
  });
});

describe('a timeout of the query `effectQuery`', () => {
  it('is thrown unchanged, so that the caller retries: the statement of the migration has not started', async () => {
    const timeout = Object.assign(new Error('Query inactivity timeout'), { code: 'PROTOCOL_SEQUENCE_TIMEOUT' });
    const query: Query = (sql) => (sql === price.effectQuery ? Promise.reject(timeout) : Promise.resolve([]));
    await expect(migrate(query, 'app', () => 60_000, [price])).rejects.toBe(timeout);
  });
});

describe('a statement that KILL QUERY ended', () => {
  it('is not repeated, because the person who ended it may not want it to run', async () => {
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
  /** Waits for a locked row instead of using SLEEP, which would end when its client disconnects. */
  const waiting: Migration = {
    id: '0003-long',
    statement: 'CREATE TABLE long_work SELECT open FROM gate LOCK IN SHARE MODE',
    effectQuery: queryForColumnName('long_work', 'open'),
  };

  beforeEach(async () => {
    await runMigrations();
  });

  it('continues after the function times out, keeps the lock of the bootstrap, and is recorded by the next run', async () => {
    const gateHolder = await connectToSocket({ user: 'admin', password: 'master password', database: 'app' });
    await gateHolder.query('CREATE TABLE gate SELECT 1 AS open');
    await gateHolder.query('BEGIN');
    await gateHolder.query('SELECT open FROM gate FOR UPDATE');
    const all = [...MIGRATIONS, waiting];
    await expect(runMigrations(all, 700)).rejects.toThrow(
      /^The migration 0003-long could not be applied: the function ran out of time, and the database continues the statement\. Wait until SHOW FULL PROCESSLIST no longer lists it, then deploy again: this records the migration/,
    );
    const runningStatement = () =>
      server.query("SELECT 1 FROM information_schema.PROCESSLIST WHERE INFO LIKE 'CREATE TABLE long_work%'");
    expect(await runningStatement()).toHaveLength(1);
    expect(await server.query("SELECT 1 WHERE IS_USED_LOCK('bootstrap') IS NOT NULL")).toHaveLength(1);
    await gateHolder.end();
    let nextRun: Migrated | undefined;
    while (nextRun === undefined) {
      nextRun = await runMigrations(all).catch((error: unknown) => {
        if (error instanceof Locked) return undefined;
        throw error;
      });
    }
    expect(nextRun.applied).toEqual(['0003-long']);
    expect(await runningStatement()).toEqual([]);
    expect(await server.query('SELECT 1 FROM app.long_work')).toHaveLength(1);
  });

  it('may exceed the 5 s timeout of other statements', async () => {
    const slow: Migration = {
      id: '0003-slow',
      statement: 'CREATE TABLE slow SELECT SLEEP(5.5) AS slept',
      effectQuery: queryForColumnName('slow', 'slept'),
    };
    expect((await runMigrations([...MIGRATIONS, slow])).applied).toEqual(['0003-slow']);
  });
});
