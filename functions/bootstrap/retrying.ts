import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseAway, LoginRefused } from '../shared/errors';
import { errorFields, log } from '../shared/log';
import { PasswordsLocked } from '../shared/password-lock';

/** A little more than a new instance's usual hiccups; the time left in the invocation is the real bound. */
const PAUSE_MS = 3_000;

/** Time to keep for telling what went wrong before Lambda ends the invocation. */
const RESERVE_MS = 15_000;

/**
 * Does a piece of work, again while what hinders it passes by itself.
 *
 * @param remainingMs tells how long the invocation may still last.
 * @throws the last error, when time runs out; any other error at once.
 */
export async function retrying<T>(remainingMs: () => number, work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isTransient(error) || remainingMs() < RESERVE_MS + PAUSE_MS) throw error;
      log('warn', 'Not possible yet; trying again', errorFields(error));
      await sleep(PAUSE_MS);
    }
  }
}

/** The instance is still starting, a rotation is at work, or IAM has not yet told Secrets Manager what this function may read. */
function isTransient(error: unknown): boolean {
  const cause = error instanceof LoginRefused ? error.cause : undefined;
  const passes = error instanceof DatabaseAway || error instanceof PasswordsLocked;
  return passes || (cause instanceof Error && cause.name === 'AccessDeniedException');
}
