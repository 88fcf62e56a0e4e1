import { account, identifiedBy, runConfidential } from './account';
import type { Query } from './database';
import { logsIn } from './password-login';
import type { UserAndPassword } from './secret';
import type { Target } from './target';

/** A user as MySQL knows it. */
interface Account {
  readonly name: string;
  readonly host: string;
}

/**
 * Sees to it that a user logs in with its present password and with the next one. Where it does already nothing is
 * changed: to set the next one again would retain it in place of the present one.
 *
 * To be done under the lock of the user's passwords: of two at once, one would discard what the other retained.
 */
export async function makeBothValid(
  query: Query,
  target: Target,
  user: Account,
  [present, next]: readonly [UserAndPassword, UserAndPassword],
): Promise<void> {
  if ((await logsIn(target, present)) && (await logsIn(target, next))) return;
  for (const statement of twoPasswordsStatements(user, present.password, next.password)) {
    await runConfidential(query, statement);
  }
}

/**
 * Gives a user a new password and lets it keep its present one. At every moment, and wherever this ends early, the
 * present password is valid; afterwards these two are, and no other.
 *
 * https://dev.mysql.com/doc/refman/8.4/en/password-management.html#dual-passwords
 */
export function twoPasswordsStatements(user: Account, present: string, next: string): string[] {
  const alter = `ALTER USER ${account(user)}`;
  return [
    // What is retained below is the primary password. After a rotation that ended half-way that is one nobody uses.
    `${alter} ${identifiedBy(present)}`,
    `${alter} DISCARD OLD PASSWORD`,
    `${alter} ${identifiedBy(next)} RETAIN CURRENT PASSWORD`,
  ];
}
