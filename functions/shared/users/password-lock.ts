import type { Query } from '../database/database';
import { withServerLock } from '../database/server-lock';

/**
 * Runs work on a user's passwords under an exclusive lock. Secrets Manager may invoke a step twice at once, and a
 * deployment may run between any two steps.
 *
 * @throws Locked if the lock is not free in time; the work has not started then.
 */
export function withPasswordLock(query: Query, user: string, work: () => Promise<void>): Promise<void> {
  const lock = {
    // MySQL allows 64 characters for the name of a lock and 32 for that of a user.
    name: `passwords of ${user}`,
    description: `the password lock of ${user}`,
    holder: 'a rotation or a deployment is running',
    otherwise: 'Nothing was changed; the current password stays valid',
  };
  return withServerLock(query, lock, work);
}
