import type { Query } from './database';
import { isTimeout } from './errors';

/** Each wait is shorter than the timeout of one statement (database.ts), so it is repeated. */
const WAIT_SECONDS = 2;
const WAITS = 5;

/** MySQL closes an idle connection after this time. By default a crashed client would keep the lock for eight hours. */
const IDLE_SECONDS = 60;

/** Another connection holds the password lock. A later attempt succeeds. */
export class PasswordsLocked extends Error {
  override readonly name = 'PasswordsLocked';
}

/**
 * Runs work on a user's passwords under an exclusive lock. Secrets Manager may invoke a step twice at once, and a
 * deployment may run between any two steps.
 *
 * MySQL releases the lock when its connection ends, for whatever reason.
 * https://dev.mysql.com/doc/refman/8.4/en/locking-functions.html
 *
 * @throws PasswordsLocked if the lock is not free in time; the work has not started then.
 */
export async function withPasswordLock(query: Query, user: string, work: () => Promise<void>): Promise<void> {
  // MySQL allows 64 characters for the name of a lock and 32 for that of a user.
  const lock = `passwords of ${user}`;
  await query('SET SESSION wait_timeout = ?', [IDLE_SECONDS]);
  await take(query, lock, user);
  const release = () => query('DO RELEASE_LOCK(?)', [lock]);
  await work().catch(async (error: unknown) => {
    // A release would wait for the statement that timed out. The caller drops that connection, and with it the lock.
    if (!isTimeout(error)) await release().catch(() => undefined);
    throw error;
  });
  await release();
}

async function take(query: Query, lock: string, user: string): Promise<void> {
  for (let waits = 0; waits < WAITS; waits += 1) {
    const [row] = await query('SELECT GET_LOCK(?, ?) AS taken', [lock, WAIT_SECONDS]);
    if (row?.['taken'] === 1) return;
  }
  const [row] = await query('SELECT IS_USED_LOCK(?) AS holder', [lock]);
  const holder = String(row?.['holder'] ?? '…');
  throw new PasswordsLocked(
    `Connection ${holder} has held the password lock of ${user} for ${WAITS * WAIT_SECONDS} s: a rotation or a deployment is running. ` +
      `Nothing was changed; the current password stays valid. Try again; if that does not help, CALL mysql.rds_kill(${holder}) ends the connection.`,
  );
}
