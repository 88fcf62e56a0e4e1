import type { Query } from '../database/database';
import type { Target } from '../database/target';
import type { UserAndPassword } from '../secrets/secret';
import { account, identifiedBy, runConfidential, type Account } from './account';
import { logsIn } from './password-login';

/**
 * Makes both the current password of a user and the next one valid. Changes nothing if both are valid already: setting
 * the next one again would retain it in place of the current one.
 *
 * Call it under the user's password lock: of two concurrent calls, one would discard what the other retained.
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
 * after each of them; after the last, exactly these two are valid.
 *
 * https://dev.mysql.com/doc/refman/8.4/en/password-management.html#dual-passwords
 */
export function twoPasswordsStatements(user: Account, current: string, next: string): string[] {
  const alter = `ALTER USER ${account(user)}`;
  return [
    // RETAIN keeps the primary password. After an interrupted rotation the primary password is one that no client uses.
    `${alter} ${identifiedBy(current)}`,
    `${alter} DISCARD OLD PASSWORD`,
    `${alter} ${identifiedBy(next)} RETAIN CURRENT PASSWORD`,
  ];
}
