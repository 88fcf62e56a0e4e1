import { Database } from './database';
import { isTlsFailure, isUserLimitReached, LoginRefused } from './errors';
import type { UserAndPassword } from './secret';
import type { Target } from './target';

/**
 * Whether a user logs in with a password, found out by logging in.
 *
 * @throws DatabaseAway where the server does not answer.
 * @throws LoginRefused where it has no certificate that holds.
 */
export async function logsIn(target: Target, login: UserAndPassword): Promise<boolean> {
  const database = new Database(target, {
    // eslint-disable-next-line @typescript-eslint/require-await -- the list of logins is asynchronous, this one is at hand
    async *logins() {
      yield { ...login, clearText: false };
    },
    checks: [],
  });
  try {
    await database.run((query) => query('DO 1'));
    return true;
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    // The server counts a user's connections after it has compared the password.
    if (isUserLimitReached(cause)) return true;
    if (error instanceof LoginRefused && !isTlsFailure(cause)) return false;
    throw error;
  } finally {
    await database.close();
  }
}
