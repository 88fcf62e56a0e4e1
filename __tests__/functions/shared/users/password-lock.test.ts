import type { Query } from '../../../../functions/shared/database/database';
import { withPasswordLock } from '../../../../functions/shared/users/password-lock';

/** A server whose lock is free. Records its statements, each with its values. */
function serverWithFreeLock() {
  const statements: string[] = [];
  const query = jest.fn<ReturnType<Query>, Parameters<Query>>((sql, values = []) => {
    statements.push([sql, ...values].join(' | '));
    return Promise.resolve([{ taken: 1 }] as unknown as Awaited<ReturnType<Query>>);
  });
  return { statements, query };
}

async function work(query: Query, error?: Error): Promise<void> {
  await query('the work');
  if (error) throw error;
}

/** The statements until the end of the work. */
const LOCKED = [
  'SET SESSION wait_timeout = ? | 60',
  'SELECT GET_LOCK(?, ?) AS taken | passwords of timestamps | 2',
  'the work',
];
const RELEASED = 'DO RELEASE_LOCK(?) | passwords of timestamps';

describe('the lock of a user’s passwords', () => {
  it('is held by a connection that the server closes after an idle minute, and released after the work', async () => {
    const { statements, query } = serverWithFreeLock();
    await withPasswordLock(query, 'timestamps', () => work(query));
    expect(statements).toEqual([...LOCKED, RELEASED]);
  });

  it('is released if the work fails, and the caller gets the error', async () => {
    const { statements, query } = serverWithFreeLock();
    const failing = withPasswordLock(query, 'timestamps', () => work(query, new Error('no such user')));
    await expect(failing).rejects.toThrow('no such user');
    expect(statements).toEqual([...LOCKED, RELEASED]);
  });

  it('is not released after a timeout of a statement, because the lock ends with the connection', async () => {
    const { statements, query } = serverWithFreeLock();
    const timeout = Object.assign(new Error('no answer'), { code: 'PROTOCOL_SEQUENCE_TIMEOUT' });
    await expect(withPasswordLock(query, 'timestamps', () => work(query, timeout))).rejects.toBe(timeout);
    expect(statements).toEqual(LOCKED);
  });

  it('has a name that MySQL accepts, even for the longest user name', async () => {
    const { query } = serverWithFreeLock();
    await withPasswordLock(query, 'u'.repeat(32), () => Promise.resolve());
    const [, [name] = []] = query.mock.calls[1] ?? [];
    expect(String(name)).toMatch(/^passwords of u{32}$/);
    expect(String(name).length).toBeLessThanOrEqual(64);
  });
});
