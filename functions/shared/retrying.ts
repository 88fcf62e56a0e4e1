import { setTimeout as sleep } from 'node:timers/promises';
import { errorFields, log } from './log';

/** Between two tries. What bounds them is the time left in the invocation. */
const PAUSE_MS = 1_000;

/** Time to keep for telling what went wrong before Lambda ends the invocation. */
const RESERVE_MS = 15_000;

/**
 * Does a piece of work, and does it again while its error is one that passes by itself.
 *
 * @param remainingMs tells how long the invocation may still last.
 * @throws the last error, when time runs out; an error that does not pass at once.
 */
export async function retrying<T>(
  remainingMs: () => number,
  passes: (error: unknown) => boolean,
  work: () => Promise<T>,
): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!passes(error) || remainingMs() < RESERVE_MS + PAUSE_MS) throw error;
      log('warn', 'Not possible yet; trying again', errorFields(error));
      await sleep(PAUSE_MS);
    }
  }
}
