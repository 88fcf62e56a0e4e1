import { Database } from '../database/database';
import { isTlsFailure, isUserLimitReached } from '../database/error-codes';
import { LoginRefused } from '../database/errors';
import type { Target } from '../database/target';
import type { UserAndPassword } from '../secrets/secret';

/**
 * Returns whether a password is valid, by logging in with it.
 *
 * @throws DatabaseUnavailable if the server is unreachable or cannot do the work at the moment.
 * @throws LoginRefused if the server offers no TLS, or the TLS handshake fails, for example because its certificate is not valid.
 */
export async function logsIn(target: Target, login: UserAndPassword): Promise<boolean> {
  const database = new Database(target, {
    // eslint-disable-next-line @typescript-eslint/require-await -- the interface is asynchronous; this login needs no waiting
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
    // The server checks the user's connection limit only after the password, so the password is valid.
    if (isUserLimitReached(cause)) return true;
    if (error instanceof LoginRefused && !isTlsFailure(cause)) return false;
    throw error;
  } finally {
    await database.close();
  }
}
