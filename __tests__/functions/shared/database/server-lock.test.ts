import type { Query } from '../../../../functions/shared/database/database';
import { Locked, withServerLock } from '../../../../functions/shared/database/server-lock';

const LOCK = {
  name: 'bootstrap',
  description: 'the lock of the bootstrap',
  likelyCause: 'another deployment is running',
  consequence: 'Nothing was changed',
};

/** A server whose lock becomes free after this number of waits. Records its statements, each with its values. */
function serverFreeAfter(waits: number) {
  const statements: string[] = [];
  let remainingWaits = waits;
  const query: Query = (sql, values = []) => {
    statements.push([sql, ...values].join(' | '));
    const isHeld = sql.includes('GET_LOCK') && (remainingWaits -= 1) >= 0;
    return Promise.resolve([{ acquired: isHeld ? 0 : 1, holder: 42 }] as never);
  };
  return { statements, query };
}

const IDLE_LIMIT = 'SET SESSION wait_timeout = ? | 60';
const WAIT = 'SELECT GET_LOCK(?, ?) AS acquired | bootstrap | 2';
const RELEASE = 'DO RELEASE_LOCK(?) | bootstrap';

describe('a lock of the server', () => {
  it('is acquired as soon as it is free, and is released after the work; the caller gets the result', async () => {
    const { statements, query } = serverFreeAfter(4);
    const work = async () => {
      await query('the work');
      return 'done';
    };
    expect(await withServerLock(query, LOCK, work)).toBe('done');
    expect(statements).toEqual([IDLE_LIMIT, ...Array.from({ length: 5 }, () => WAIT), 'the work', RELEASE]);
  });

  it('is released if the work fails, and the caller gets the error', async () => {
    const { statements, query } = serverFreeAfter(0);
    const error = new Error('no such user');
    await expect(withServerLock(query, LOCK, () => Promise.reject(error))).rejects.toBe(error);
    expect(statements).toEqual([IDLE_LIMIT, WAIT, RELEASE]);
  });

  it('gets no RELEASE_LOCK after a statement has timed out, because the caller drops the connection, which frees the lock', async () => {
    const { statements, query } = serverFreeAfter(0);
    const timeout = Object.assign(new Error('no answer'), { code: 'PROTOCOL_SEQUENCE_TIMEOUT' });
    await expect(withServerLock(query, LOCK, () => Promise.reject(timeout))).rejects.toBe(timeout);
    expect(statements).toEqual([IDLE_LIMIT, WAIT]);
  });

  it('that stays held causes an error with the holder and the remedy; the work does not start', async () => {
    const work = jest.fn(() => Promise.resolve());
    const attempt = withServerLock(serverFreeAfter(5).query, LOCK, work);
    await expect(attempt).rejects.toThrow(
      'Connection 42 still holds the lock of the bootstrap after 10 s, probably because another deployment is running. ' +
        'Nothing was changed. Try again; if that does not help, CALL mysql.rds_kill(42) ends the connection.',
    );
    await expect(attempt).rejects.toBeInstanceOf(Locked);
    expect(work).not.toHaveBeenCalled();
  });
});
