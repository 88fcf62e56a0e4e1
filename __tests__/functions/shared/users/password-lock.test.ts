import type { Query } from '../../../../functions/shared/database/database';
import { withPasswordLock } from '../../../../functions/shared/users/password-lock';

// MariaDB, with which the tests run, allows longer names.
it('the lock of a user’s passwords has a name of at most 64 characters, as MySQL requires, even for the longest user name', async () => {
  const query = jest.fn().mockResolvedValue([{ acquired: 1 }]);
  await withPasswordLock(query as Query, 'u'.repeat(32), () => Promise.resolve());
  const [[, [name]]] = query.mock.calls.filter(([sql]) => String(sql).includes('GET_LOCK')) as [[string, [string]]];
  expect(name).toContain('u'.repeat(32));
  expect(name.length).toBeLessThanOrEqual(64);
});
