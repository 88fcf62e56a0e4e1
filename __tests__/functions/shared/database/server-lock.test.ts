import type { Query } from '../../../../functions/shared/database/database';
import { Locked, withServerLock } from '../../../../functions/shared/database/server-lock';

const LOCK = {
  name: 'bootstrap of app',
  description: 'the lock of the bootstrap',
  holder: 'another deployment is running',
  otherwise: 'Nothing was changed',
};

/** A server whose lock becomes free after this number of waits. */
function serverFreeAfter(waits: number): jest.Mock<Promise<object[]>, [string]> {
  let remainingWaits = waits;
  return jest.fn((sql: string) => {
    if (sql.includes('IS_USED_LOCK')) return Promise.resolve([{ holder: 42 }]);
    return Promise.resolve([{ taken: sql.includes('GET_LOCK') && (remainingWaits -= 1) >= 0 ? 0 : 1 }]);
  });
}

describe('a lock of the server', () => {
  it('is waited for until it is free, and the caller gets the result of the work', async () => {
    const query = serverFreeAfter(4);
    await expect(withServerLock(query as unknown as Query, LOCK, () => Promise.resolve('done'))).resolves.toBe('done');
    expect(query.mock.calls.filter(([sql]) => sql.includes('GET_LOCK'))).toHaveLength(5);
  });

  it('that stays taken is an error that names the holder and the remedy, and the work does not start', async () => {
    const work = jest.fn(() => Promise.resolve());
    const failed = withServerLock(serverFreeAfter(5) as unknown as Query, LOCK, work);
    await expect(failed).rejects.toThrow(
      'Connection 42 has held the lock of the bootstrap for 10 s: another deployment is running. ' +
        'Nothing was changed. Try again; if that does not help, CALL mysql.rds_kill(42) ends the connection.',
    );
    await expect(failed).rejects.toBeInstanceOf(Locked);
    expect(work).not.toHaveBeenCalled();
  });
});
