import { once } from 'node:events';
import { Duplex, PassThrough } from 'node:stream';
import type { Connection } from 'mysql2/promise';
import type { ClientConnection } from '../../../rds/protocol/client-connection';
import { frame, type Packet } from '../../../rds/protocol/packets';
import { ProxySession } from '../../../rds/proxy/proxy-session';
import type { Translator } from '../../../rds/instance/translator';
import { OK } from '../../../rds/protocol/wire';
import { HOSTS, POOL, set } from '../../support/applied';
import { LocalDatabase } from '../../support/local-database';

jest.setTimeout(60_000);

let local: LocalDatabase;
let clients: Connection[] = [];
let first: Connection;
let second: Connection;

beforeAll(async () => {
  local = await LocalDatabase.start();
  const master = await local.connectAsMaster();
  await master.query('CREATE DATABASE app');
  await master.query('CREATE TABLE app.items (id INT PRIMARY KEY AUTO_INCREMENT, name TEXT)');
  await master.query("CREATE USER timestamps@'%' IDENTIFIED BY 'first password'");
  await master.query("GRANT ALL ON app.* TO timestamps@'%'");
  await master.end();
});

beforeEach(async () => {
  [first, second] = [await connectClient(), await connectClient()];
});

afterEach(async () => {
  for (const client of clients) client.destroy();
  clients = [];
  await local.update();
});

afterAll(() => local.stop());

/** Connects a client to the password proxy. */
async function connectClient(): Promise<Connection> {
  const login = { user: 'timestamps', password: 'first password', database: 'app' };
  const connection = await local.connect('passwordProxy', { from: local.functionAddress, ...login });
  // If the server ends a connection, the connection emits "error". Without a listener, Node.js would throw this error.
  connection.on('error', () => undefined);
  clients.push(connection);
  return connection;
}

const withPool = (change: object) =>
  set('aws_db_proxy_default_target_group', { connection_pool_config: [{ ...POOL, ...change }] });

/** Returns the first value of the first row. */
async function valueOf(connection: Connection, statement: string): Promise<unknown> {
  const [rows] = await connection.query(statement);
  return Object.values((rows as Record<string, unknown>[])[0] ?? {})[0];
}

/** Returns the id of the database connection that the proxy uses for a client. */
const connectionIdOf = (client: Connection) => valueOf(client, 'SELECT CONNECTION_ID()');

describe('clients of a proxy', () => {
  it('get a connection id that the database does not know, so KILL finds nothing', async () => {
    expect(first.threadId).not.toBe(second.threadId);
    await expect(second.query(`KILL QUERY ${first.threadId}`)).rejects.toMatchObject({ code: 'ER_NO_SUCH_THREAD' });
  });

  it('share a connection to the database, one statement after another', async () => {
    const id = await connectionIdOf(first);
    expect(await connectionIdOf(second)).toBe(id);
    expect(await connectionIdOf(first)).toBe(id);
  });

  it('keep the same connection to the database during a transaction', async () => {
    await first.beginTransaction();
    await first.query("INSERT INTO items (name) VALUES ('uncommitted')");
    const id = await connectionIdOf(first);
    expect(await connectionIdOf(second)).not.toBe(id);
    expect(await valueOf(second, "SELECT COUNT(*) FROM items WHERE name = 'uncommitted'")).toBe(0);
    await first.commit();
    expect(await valueOf(second, "SELECT COUNT(*) FROM items WHERE name = 'uncommitted'")).toBe(1);
  });

  it('keep the same connection after a pinning statement, and the proxy closes it when the session ends', async () => {
    await first.query('SET @answer = 42');
    expect(await connectionIdOf(second)).not.toBe(await connectionIdOf(first));
    expect(await valueOf(first, 'SELECT @answer')).toBe(42);
    expect(await valueOf(second, 'SELECT @answer')).toBeNull();
    await first.end();
    expect(await valueOf(await connectClient(), 'SELECT @answer')).toBeNull();
  });

  it('do not share their connection after a statement of more than 16 KiB', async () => {
    expect(await valueOf(first, `SELECT LENGTH('${'x'.repeat(16_300)}')`)).toBe(16_300);
    expect(await connectionIdOf(second)).toBe(await connectionIdOf(first));
    expect(await valueOf(first, `SELECT LENGTH('${'x'.repeat(1_000_000)}')`)).toBe(1_000_000);
    expect(await connectionIdOf(second)).not.toBe(await connectionIdOf(first));
  });

  it('share a connection only if their settings are equal, and keep their own settings on every connection', async () => {
    const id = await connectionIdOf(first);
    await first.query("SET time_zone = '+05:00'");
    await first.query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED');
    expect(await connectionIdOf(second)).not.toBe(id);
    await second.beginTransaction();
    expect(await valueOf(first, 'SELECT @@time_zone')).toBe('+05:00');
    const settings = "SELECT CONCAT(@@time_zone, ' ', @@transaction_isolation)";
    expect(await valueOf(first, settings)).toBe('+05:00 READ-COMMITTED');
    expect(await valueOf(second, settings)).toBe('SYSTEM REPEATABLE-READ');
    await second.commit();
    const third = await connectClient();
    await third.query("SET time_zone = '+05:00'");
    await third.query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED');
    // `first` has left an idle connection with these settings in the pool, and `third` another. The pool lends the two in turn.
    expect([await connectionIdOf(first), await connectionIdOf(first)]).toContain(await connectionIdOf(third));
  });

  it('keep their database and, with autocommit off, their open transaction', async () => {
    await first.query('USE information_schema');
    await first.query('SET autocommit = 0');
    expect(await valueOf(first, 'SELECT DATABASE()')).toBe('information_schema');
    expect(await valueOf(second, 'SELECT DATABASE()')).toBe('app');
    await first.query("INSERT INTO app.items (name) VALUES ('rolled back')");
    expect(await valueOf(second, "SELECT COUNT(*) FROM items WHERE name = 'rolled back'")).toBe(0);
    await first.query('ROLLBACK');
    expect(await valueOf(first, "SELECT COUNT(*) FROM app.items WHERE name = 'rolled back'")).toBe(0);
  });

  it('start with a clean session after a reset', async () => {
    await first.query("SET time_zone = '+05:00'");
    await first.beginTransaction();
    await first.reset();
    expect(await valueOf(first, 'SELECT CONCAT(@@time_zone, @@in_transaction)')).toBe('SYSTEM0');
  });

  it('cannot change their user', async () => {
    await expect(first.changeUser({ user: 'timestamps' })).rejects.toMatchObject({ errno: 1047 });
  });

  it('may prepare statements', async () => {
    const [rows] = await first.execute('SELECT ? AS answer', ['42']);
    expect(rows).toEqual([{ answer: '42' }]);
  });

  it('receive errors of the database, and continue', async () => {
    await expect(first.query('SELECT nothing')).rejects.toMatchObject({ code: 'ER_BAD_FIELD_ERROR' });
    expect(await valueOf(first, 'SELECT 1')).toBe(1);
    await first.ping();
  });

  it('receive complete long responses', async () => {
    // MariaDB’s engine SEQUENCE provides the table `seq_1_to_20000`.
    const [rows] = await first.query('SELECT seq, REPEAT("x", 200) AS text FROM app.seq_1_to_20000');
    expect(rows).toHaveLength(20_000);
  });

  it('leave no open transaction to the next client when they disconnect', async () => {
    await first.beginTransaction();
    await first.query("INSERT INTO items (name) VALUES ('abandoned')");
    local.endpoints.faultsAt(HOSTS.passwordProxy)?.cut();
    const [rows] = await (await connectClient()).query("SELECT COUNT(*) AS count FROM items WHERE name = 'abandoned'");
    expect(rows).toEqual([{ count: 0 }]);
    // The fault resets every client.
    await expect(second.query('SELECT 1')).rejects.toBeDefined();
  });

  it('get a new database connection if the database closed the pool’s idle one', async () => {
    await local.database.query(`KILL ${String(await connectionIdOf(first))}`);
    expect(await valueOf(first, 'SELECT 1')).toBe(1);
  });

  it('have the settings of the proxy’s initialization query', async () => {
    await local.update(withPool({ init_query: "SET time_zone = '+03:00'; SET @tenant = 'a;b'" }));
    expect(await valueOf(await connectClient(), 'SELECT CONCAT(@@time_zone, @tenant)')).toBe('+03:00a;b');
  });

  it('receive the error of the proxy’s initialization query', async () => {
    await local.update(withPool({ init_query: 'SET nothing = 1' }));
    await expect(connectClient()).rejects.toMatchObject({ code: 'ER_UNKNOWN_SYSTEM_VARIABLE' });
    expect(local.log.join()).toMatch(/init_query of the proxy 'password' failed: Unknown system variable 'nothing'/);
  });

  it('are not pinned by SET with the filter EXCLUDE_VARIABLE_SETS', async () => {
    await local.update(withPool({ session_pinning_filters: ['EXCLUDE_VARIABLE_SETS'] }));
    [first, second] = [await connectClient(), await connectClient()];
    await first.query('SET foreign_key_checks = 0');
    expect(await connectionIdOf(second)).toBe(await connectionIdOf(first));
  });

  it('wait up to the borrow timeout if the pool has no free connection', async () => {
    // With one percent of `max_connections`, the pool gets its minimum of one connection.
    await local.update(withPool({ max_connections_percent: 1, max_idle_connections_percent: 0 }));
    [first, second] = [await connectClient(), await connectClient()];
    await first.beginTransaction();
    await expect(second.query('SELECT 1')).rejects.toMatchObject({
      errno: 9501,
      message: 'Timed-out waiting to acquire database connection',
    });
    // A statement of more than 16 KiB fails in the same way. The proxy discards it without keeping it in memory.
    await expect(second.query(`SELECT '${'x'.repeat(20_000)}'`)).rejects.toMatchObject({ errno: 9501 });
    const waiting = valueOf(second, 'SELECT 1');
    await first.commit();
    expect(await waiting).toBe(1);
  });
});

describe('a session whose client disconnects before the response', () => {
  it('fails, and closes its database connection instead of giving it back', async () => {
    const stream = new PassThrough();
    stream.destroy();
    await once(stream, 'close');
    const statement = { sequence: 0, payload: Buffer.from('\x03SELECT 1') };
    const client = { stream, reader: { nextUpTo: () => Promise.resolve(statement) } } as unknown as ClientConnection;
    const server = new Duplex({
      read: () => undefined,
      write(_chunk, _encoding, done) {
        this.push(frame(1, OK));
        done();
      },
    });
    const giveBack = jest.fn();
    const session = new ProxySession(client, {
      lender: { borrow: () => Promise.resolve(server), giveBack },
      translator: { translate: ({ payload }: Packet) => Promise.resolve(payload) } as unknown as Translator,
      excludesSets: false,
    });
    await expect(session.run()).rejects.toThrow('The client or the database disconnected before the end of a response');
    expect([giveBack.mock.calls.length, server.destroyed]).toEqual([0, true]);
  });
});
