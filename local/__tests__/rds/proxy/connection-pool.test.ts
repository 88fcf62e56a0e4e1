import { PassThrough, type Duplex } from 'node:stream';
import { ConnectionPool } from '../../../rds/proxy/connection-pool';
import { Refused } from '../../../rds/protocol/refused';

/** Opens a stand-in for a connection to the database. */
const open = () => Promise.resolve(new PassThrough());

function poolOf(limit: number): ConnectionPool {
  const pool = new ConnectionPool();
  pool.limit = limit;
  pool.borrowTimeoutSeconds = 0.05;
  return pool;
}

const untilClosed = (connection: Duplex) => new Promise((resolve) => connection.once('close', resolve));

describe('ConnectionPool', () => {
  it('lends a returned connection again, but only to a borrower of the same kind', async () => {
    const pool = poolOf(2);
    const connection = await pool.borrow('a', open);
    pool.giveBack('a', connection);
    expect(await pool.borrow('b', open)).not.toBe(connection);
    expect(await pool.borrow('a', open)).toBe(connection);
  });

  it('makes a borrower wait for a lent connection', async () => {
    const pool = poolOf(1);
    const connection = await pool.borrow('a', open);
    const waiting = pool.borrow('a', open);
    pool.giveBack('a', connection);
    expect(await waiting).toBe(connection);
  });

  it('refuses a borrower after its timeout, but serves later ones', async () => {
    const pool = poolOf(1);
    const connection = await pool.borrow('a', open);
    await expect(pool.borrow('a', open)).rejects.toThrow('Timed-out waiting to acquire database connection');
    await expect(pool.borrow('a', open)).rejects.toBeInstanceOf(Refused);
    pool.giveBack('a', connection);
    expect(await pool.borrow('a', open)).toBe(connection);
  });

  it('closes an idle connection of another kind if the pool is full', async () => {
    const pool = poolOf(1);
    const connection = await pool.borrow('a', open);
    pool.giveBack('a', connection);
    expect(await pool.borrow('b', open)).not.toBe(connection);
    expect(connection.destroyed).toBe(true);
  });

  it('has room again after a connection was closed or could not be opened', async () => {
    const pool = poolOf(1);
    const lent = await pool.borrow('a', open);
    lent.destroy();
    const idle = await pool.borrow('a', open);
    pool.giveBack('a', idle);
    idle.destroy();
    await untilClosed(idle);
    await expect(pool.borrow('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await pool.borrow('a', open)).not.toBe(idle);
  });

  it('closes idle connections when the pool closes, and lent connections when they are given back afterwards', async () => {
    const pool = poolOf(2);
    const [idle, lent] = [await pool.borrow('a', open), await pool.borrow('a', open)];
    pool.giveBack('a', idle);
    pool.close();
    expect([idle.destroyed, lent.destroyed]).toEqual([true, false]);
    pool.giveBack('a', lent);
    expect(lent.destroyed).toBe(true);
  });
});
