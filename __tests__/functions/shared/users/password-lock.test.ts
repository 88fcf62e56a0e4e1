import type { Query } from '../../../../functions/shared/database/database';
import { withPasswordLock } from '../../../../functions/shared/users/password-lock';

describe('the lock of a user’s passwords', () => {
  // The query is a mock, because MariaDB, which other tests use, allows longer names.
  it('has a name of at most 64 characters, as MySQL requires, even for the longest user name', async () => {
    const query = jest.fn().mockResolvedValue([{ acquired: 1 }]);
    await withPasswordLock(query as Query, 'u'.repeat(32), () => Promise.resolve());
    const [[, [name]]] = query.mock.calls.filter(([sql]) => String(sql).includes('GET_LOCK')) as [[string, [string]]];
    expect(name).toContain('u'.repeat(32));
    expect(name.length).toBeLessThanOrEqual(64);
  });

  it('is refused while another session holds it, and the error says which user was not changed', async () => {
    const query = jest.fn().mockResolvedValue([{ acquired: 0, holder: 42 }]);
    await expect(withPasswordLock(query as Query, 'analyst', () => Promise.resolve())).rejects.toThrow(
      "still holds the password lock of 'analyst' after 10 s, probably because a rotation or a deployment is running. The user 'analyst' was not changed. Try again;",
    );
  });
});
