import type { Query } from './database';
import { isTimeout } from './errors';

/** The server is asked to wait several times, each time for less than a statement may take (database.ts). */
const WAIT_SECONDS = 2;
const WAITS = 5;

/** Nobody at work is silent for so long. Who vanished without a word would otherwise keep the lock for eight hours. */
const SILENCE_SECONDS = 60;

/** Somebody else has been at a user's passwords for longer than is waited. That passes by itself. */
export class PasswordsLocked extends Error {
  override readonly name = 'PasswordsLocked';
}

/**
 * Does work on a user's passwords while nobody else does any: Secrets Manager may ask for a step twice at once, and a
 * deployment may come between any two steps.
 *
 * The lock belongs to the connection and ends with it, whatever becomes of who took it.
 * https://dev.mysql.com/doc/refman/8.4/en/locking-functions.html
 *
 * @throws PasswordsLocked where the lock is not free in time; then none of the work was done.
 */
export async function withPasswordLock(query: Query, user: string, work: () => Promise<void>): Promise<void> {
  // Names have 64 characters at most, those of users 32.
  const lock = `passwords of ${user}`;
  await query('SET SESSION wait_timeout = ?', [SILENCE_SECONDS]);
  await take(query, lock, user);
  const release = () => query('DO RELEASE_LOCK(?)', [lock]);
  await work().catch(async (error: unknown) => {
    // Behind a statement without an answer another one waits in vain. Its connection is dropped, and with it the lock.
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
    `The passwords of ${user} have been locked by the connection ${holder} for ${WAITS * WAIT_SECONDS} s: a rotation or a deployment is at work. ` +
      `Nothing was changed here, the present password stays. Try again; where that does not help, CALL mysql.rds_kill(${holder}) ends the connection.`,
  );
}
