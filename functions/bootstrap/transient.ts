import { isLockWait } from '../shared/database/error-codes';
import { DatabaseUnavailable, LoginRefused } from '../shared/database/errors';
import { Locked } from '../shared/database/server-lock';

/**
 * Returns whether a retry may help: the database or Secrets Manager is unavailable, for example while the instance starts;
 * another connection holds a lock or uses a table; or IAM has not yet propagated the permissions of this function.
 */
export function isTransient(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  if (error instanceof DatabaseUnavailable || error instanceof Locked || isLockWait(error) || isLockWait(cause))
    return true;
  return error instanceof LoginRefused && cause instanceof Error && cause.name === 'AccessDeniedException';
}
