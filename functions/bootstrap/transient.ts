import { DatabaseAway, LoginRefused } from '../shared/errors';
import { PasswordsLocked } from '../shared/password-lock';

/** The instance is still starting, a rotation is at work, or IAM has not yet told Secrets Manager what this function may read. */
export function isTransient(error: unknown): boolean {
  const cause = error instanceof LoginRefused ? error.cause : undefined;
  const passes = error instanceof DatabaseAway || error instanceof PasswordsLocked;
  return passes || (cause instanceof Error && cause.name === 'AccessDeniedException');
}
