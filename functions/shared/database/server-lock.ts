import type { Query } from './database';
import { isTimeout } from './error-codes';

/** `GET_LOCK` must return before the statement times out (database.ts), so several short waits replace a long one. */
const WAIT_SECONDS = 2;
const WAITS = 5;

/**
 * MySQL closes an idle connection after this time. With the instance's own `wait_timeout`, a crashed client would keep the lock
 * for ten minutes.
 */
const IDLE_SECONDS = 60;

/** Another connection holds the lock. A later attempt may succeed. */
export class Locked extends Error {
  override readonly name = 'Locked';
}

/** A named lock of the MySQL server. */
export interface ServerLock {
  /** At most 64 characters. */
  readonly name: string;
  /** Name in messages: `the lock of the bootstrap`. */
  readonly description: string;
  /** Why another connection may hold the lock, for messages: a clause that follows “because”. */
  readonly likelyCause: string;
  /** Consequence if the lock is not free, for messages: a sentence without its period. */
  readonly consequence: string;
}

/**
 * Runs work under an exclusive lock of the server. MySQL releases the lock when its connection ends for any reason.
 *
 * https://dev.mysql.com/doc/refman/8.4/en/locking-functions.html
 *
 * @throws Locked if the lock is not free in time; the work has not started then.
 */
export async function withServerLock<T>(query: Query, lock: ServerLock, work: () => Promise<T>): Promise<T> {
  await query('SET SESSION wait_timeout = ?', [IDLE_SECONDS]);
  await take(query, lock);
  const release = () => query('DO RELEASE_LOCK(?)', [lock.name]);
  const result = await work().catch(async (error: unknown) => {
    // A release would wait behind the statement that timed out. The caller drops the connection instead; MySQL releases the lock
    // when that statement has ended.
    if (!isTimeout(error)) await release().catch(() => undefined);
    throw error;
  });
  await release();
  return result;
}

async function take(query: Query, { name, description, likelyCause, consequence }: ServerLock): Promise<void> {
  for (let waits = 0; waits < WAITS; waits += 1) {
    const [row] = await query('SELECT GET_LOCK(?, ?) AS acquired', [name, WAIT_SECONDS]);
    if (row?.['acquired'] === 1) return;
  }
  const [row] = await query('SELECT IS_USED_LOCK(?) AS holder', [name]);
  const holder = String(row?.['holder'] ?? '…');
  throw new Locked(
    `Connection ${holder} still holds ${description} after ${WAITS * WAIT_SECONDS} s, probably because ${likelyCause}. ` +
      `${consequence}. Try again; if that does not help, CALL mysql.rds_kill(${holder}) ends the connection.`,
  );
}
