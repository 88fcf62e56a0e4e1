import { Database } from '../shared/database';
import { DatabaseAway, explainFailure, isUserLimitReached, LoginRefused } from '../shared/errors';
import { errorFields, log } from '../shared/log';
import { retrying } from '../shared/retrying';
import { credentialsOf, nameOf, targetOf, type Login } from './logins';

/** IAM tells of new policies within seconds. A login that is refused for longer stays refused. */
const REFUSED_MS = 60_000;

/**
 * Tries a login until it works. A proxy is there some minutes before its target is AVAILABLE, and until then it gives no
 * connection to the database.
 *
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_TargetHealth.html
 *
 * @param remainingMs tells how long the invocation may still last
 * @returns why it does not work, in a sentence that names it; `undefined` where it does
 */
export async function checkLogin(login: Login, remainingMs: () => number): Promise<string | undefined> {
  const started = performance.now();
  const passes = (error: unknown): boolean =>
    error instanceof DatabaseAway || (error instanceof LoginRefused && performance.now() - started < REFUSED_MS);
  try {
    await retrying(remainingMs, passes, () => logIn(login));
    log('info', `Works: ${nameOf(login)}`, { milliseconds: Math.round(performance.now() - started) });
    return undefined;
  } catch (error) {
    log('error', `Fails: ${nameOf(login)}`, errorFields(error));
    return `${nameOf(login)}: ${explainFailure(error)}`;
  }
}

/** Logs in, and asks one statement: a proxy may let its client in before it has a connection to the database. */
async function logIn(login: Login): Promise<void> {
  const target = targetOf(login);
  const database = new Database(target, credentialsOf(login, target));
  try {
    await database.run((query) => query('SELECT 1'));
  } catch (error) {
    // The server has compared the password, or the token, before it counts the connections of the user.
    if (!(error instanceof Error && isUserLimitReached(error.cause))) throw error;
  } finally {
    await database.close();
  }
}
