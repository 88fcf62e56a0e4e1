import { account, identifiedBy } from '../shared/account';

/** A user as MySQL knows it. */
interface Account {
  readonly name: string;
  readonly host: string;
}

/**
 * Gives a user a new password and lets it keep its present one. At every moment, and wherever this ends early, the
 * present password is valid; afterwards these two are, and no other.
 *
 * https://dev.mysql.com/doc/refman/8.4/en/password-management.html#dual-passwords
 */
export function dualPasswordStatements(user: Account, present: string, next: string): string[] {
  const alter = `ALTER USER ${account(user)}`;
  return [
    // What is retained below is the primary password. After a rotation that ended half-way that is one nobody uses.
    `${alter} ${identifiedBy(present)}`,
    `${alter} DISCARD OLD PASSWORD`,
    `${alter} ${identifiedBy(next)} RETAIN CURRENT PASSWORD`,
  ];
}
