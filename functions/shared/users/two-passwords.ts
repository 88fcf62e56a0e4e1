import type { Query } from '../database/database';
import type { Target } from '../database/target';
import type { UserAndPassword } from '../secrets/secret';
import { account, identifiedBy, runConfidential, type Account } from './account';
import { logsIn } from './password-login';

/**
 * Makes both the current and the next password of a user valid. Changes nothing if both are valid already, because the
 * change would make the next password invalid for a moment.
 *
 * Hold the user's password lock during the call: concurrent calls would discard each other's passwords.
 */
export async function makeBothValid(
  query: Query,
  target: Target,
  user: Account,
  [current, next]: readonly [UserAndPassword, UserAndPassword],
): Promise<void> {
  if ((await logsIn(target, current)) && (await logsIn(target, next))) return;
  for (const statement of twoPasswordsStatements(user, current.password, next.password)) {
    await runConfidential(query, statement);
  }
}

/**
 * Returns the statements that add a new password to a user and keep the current one. The current password stays valid
 * throughout. At the end exactly these two passwords are valid.
 *
 * https://dev.mysql.com/doc/refman/8.4/en/password-management.html#dual-passwords
 */
export function twoPasswordsStatements(user: Account, current: string, next: string): string[] {
  return [
    // After an interrupted rotation, `next` may be the primary password. RETAIN CURRENT PASSWORD keeps the primary password, so these
    // statements first make `current` primary.
    ...onePasswordStatements(user, current),
    `ALTER USER ${account(user)} ${identifiedBy(next)} RETAIN CURRENT PASSWORD`,
  ];
}

/** Returns the statements that set the password of a user. SECURITY: no other password stays valid. */
export function onePasswordStatements(user: Account, password: string): string[] {
  return [`ALTER USER ${account(user)} ${identifiedBy(password)}`, `ALTER USER ${account(user)} DISCARD OLD PASSWORD`];
}
