import type { Query } from '../../../../functions/shared/database/database';
import { withPasswordLock } from '../../../../functions/shared/users/password-lock';

/** A server whose lock is free. */
function server() {
  const statements: string[] = [];
  const query = jest.fn<ReturnType<Query>, Parameters<Query>>((sql, values = []) => {
    statements.push([sql, ...values].join(' | '));
    return Promise.resolve([{ taken: 1 }] as unknown as Awaited<ReturnType<Query>>);
  });
  return { statements, query };
}

const LOCKED = [
  'SET SESSION wait_timeout = ? | 60',
  'SELECT GET_LOCK(?, ?) AS taken | passwords of timestamps | 2',
  'the work',
];
const RELEASED = 'DO RELEASE_LOCK(?) | passwords of timestamps';

describe('the lock of a user’s passwords', () => {
  it('is held by a connection that the server closes after an idle minute, and released after the work', async () => {
    const { statements, query } = server();
    const work = async () => {
      await query('the work');
    };
    await withPasswordLock(query, 'timestamps', work);
    expect(statements).toEqual([...LOCKED, RELEASED]);
  });

  it('is released if the work fails, and the caller gets the error', async () => {
    const { statements, query } = server();
    const work = async () => {
      await query('the work');
      throw new Error('no such user');
    };
    await expect(withPasswordLock(query, 'timestamps', work)).rejects.toThrow('no such user');
    expect(statements).toEqual([...LOCKED, RELEASED]);
  });

  it('ends with the connection if a statement timed out', async () => {
    const { statements, query } = server();
    const silence = Object.assign(new Error('no answer'), { code: 'PROTOCOL_SEQUENCE_TIMEOUT' });
    const work = async () => {
      await query('the work');
      throw silence;
    };
    await expect(withPasswordLock(query, 'timestamps', work)).rejects.toBe(silence);
    expect(statements).toEqual(LOCKED);
  });

  it('has a name that MySQL accepts, even for the longest user name', async () => {
    const { query } = server();
    await withPasswordLock(query, 'u'.repeat(32), () => Promise.resolve());
    const [, [name] = []] = query.mock.calls[1] ?? [];
    expect(String(name)).toMatch(/^passwords of u{32}$/);
    expect(String(name).length).toBeLessThanOrEqual(64);
  });
});
