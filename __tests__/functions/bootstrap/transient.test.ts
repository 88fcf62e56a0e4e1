import { isTransient } from '../../../functions/bootstrap/transient';
import { DatabaseUnavailable, LoginRefused } from '../../../functions/shared/database/errors';
import { Locked } from '../../../functions/shared/database/server-lock';

const errorNamed = (name: string): Error => Object.assign(new Error('not yet'), { name });
const lockWait = Object.assign(new Error('a lock'), { code: 'ER_LOCK_WAIT_TIMEOUT' });

describe('an error of the bootstrap', () => {
  it.each([
    ['an instance that is still starting', new DatabaseUnavailable('no answer')],
    ['a lock that a rotation holds', new Locked('locked')],
    [
      'a permission that IAM has not yet propagated',
      new LoginRefused('no', [], { cause: errorNamed('AccessDeniedException') }),
    ],
    ['a table in use', lockWait],
    ['a failed migration whose cause is a table in use', new Error('failed', { cause: lockWait })],
  ])('is transient if it comes from %s', (_what, error) => {
    expect(isTransient(error)).toBe(true);
  });

  it.each([
    ['a wrong statement', new Error('wrong')],
    ['a wrong password', new LoginRefused('no', [], { cause: new Error('denied') })],
    ['a secret that does not exist', new LoginRefused('no', [], { cause: errorNamed('ResourceNotFoundException') })],
    ['code that throws undefined', undefined],
  ])('is permanent if it comes from %s', (_what, error) => {
    expect(isTransient(error)).toBe(false);
  });
});
