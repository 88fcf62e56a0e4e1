import { createConnection, type Connection } from 'mysql2/promise';
import { createOrUpdateMasterUser } from '../../../rds/instance/master-user';
import { LocalDatabase } from '../../support/local-database';

jest.setTimeout(60_000);

let local: LocalDatabase;
let master: Connection;

const logIn = (user: string, password: string): Promise<Connection> =>
  createConnection({ socketPath: local.database.socket, user, password });

/** Returns the grants of a connection's user, without the password hash. */
async function grantsOf(connection: Connection): Promise<string> {
  const [grants] = await connection.query('SHOW GRANTS');
  return JSON.stringify(grants).replace(/\*[0-9A-F]{40}/, '');
}

beforeAll(async () => {
  local = await LocalDatabase.start();
});

beforeEach(async () => {
  await createOrUpdateMasterUser(local.database, 'admin', 'first');
  master = await logIn('admin', 'first');
});

afterEach(() => master.end());

afterAll(() => local.stop());

describe('the master user', () => {
  it('is not a superuser, and may not write files', async () => {
    await expect(master.query('SET GLOBAL max_connections = 1')).rejects.toMatchObject({ errno: 1227 });
    await expect(master.query("SELECT 'x' INTO OUTFILE '/tmp/x'")).rejects.toMatchObject({ errno: 1227 });
  });

  it('may read the tables of the database mysql, but neither write to them nor create others', async () => {
    await master.query('SELECT Priv FROM mysql.global_priv');
    for (const statement of ["UPDATE mysql.global_priv SET Priv = '{}'", 'CREATE TABLE mysql.more (id INT)']) {
      await expect(master.query(statement)).rejects.toMatchObject({ errno: 1142 });
    }
  });

  it('may create databases, and users with rights on them', async () => {
    await master.query('CREATE DATABASE app');
    await master.query('CREATE TABLE app.items (id INT)');
    await master.query("CREATE USER items@'%' IDENTIFIED BY 'its password'");
    await master.query("GRANT SELECT ON app.items TO items@'%'");
    const user = await logIn('items', 'its password');
    expect((await user.query('SELECT * FROM app.items'))[0]).toEqual([]);
    await user.end();
  });

  it('ends connections of others by rds_kill, because it may KILL only its own', async () => {
    const session = await local.database.connectAsRoot();
    session.on('error', () => undefined);
    await expect(master.query(`KILL ${session.threadId}`)).rejects.toMatchObject({ errno: 1095 });
    await master.query('CALL mysql.rds_kill(?)', [session.threadId]);
    await expect(session.query('SELECT 1')).rejects.toThrow();
  });

  it('keeps its rights and gets the new password if it exists already', async () => {
    const before = await grantsOf(master);
    await createOrUpdateMasterUser(local.database, 'admin', 'second');
    await expect(logIn('admin', 'first')).rejects.toMatchObject({ code: 'ER_ACCESS_DENIED_ERROR' });
    const withNewPassword = await logIn('admin', 'second');
    expect(await grantsOf(withNewPassword)).toEqual(before);
    await withNewPassword.end();
  });
});
