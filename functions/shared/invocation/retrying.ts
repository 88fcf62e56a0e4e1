import { setTimeout as sleep } from 'node:timers/promises';
import { errorFields, log } from '../log';

/** Pause between two attempts. The remaining time of the invocation limits the number of attempts. */
const PAUSE_MS = 1_000;

/** A retry needs at least this much time, so that it can fail and report its error before Lambda ends the invocation. */
export const RESERVE_MS = 15_000;

/**
 * Runs work and retries it on transient errors.
 *
 * @param remainingMs returns the remaining time of the invocation.
 * @throws the last error when time runs out; a permanent error at once.
 */
export async function retrying<T>(
  remainingMs: () => number,
  isTransient: (error: unknown) => boolean,
  work: () => Promise<T>,
): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isTransient(error) || remainingMs() < RESERVE_MS + PAUSE_MS) throw error;
      log('warn', 'Transient error; retrying', errorFields(error));
      await sleep(PAUSE_MS);
    }
  }
}
