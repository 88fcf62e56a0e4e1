import type { Query } from '../database/database';
import { withServerLock } from '../database/server-lock';

/**
 * Runs work on a user's passwords under an exclusive lock. Secrets Manager may run one step of a rotation twice at the same time, and a
 * deployment may change the user during a step.
 *
 * @throws Locked if the lock is not free in time; then `work` was not run.
 */
export function withPasswordLock(query: Query, user: string, work: () => Promise<void>): Promise<void> {
  const lock = {
    // At most 13 + 32 characters, because a user name has at most 32. MySQL allows 64 for the name of a lock.
    name: `passwords of ${user}`,
    description: `the password lock of '${user}'`,
    likelyCause: 'a rotation or a deployment is running',
    consequence: `The user '${user}' was not changed`,
  };
  return withServerLock(query, lock, work);
}
