import { Database } from '../shared/database/database';
import { isUserLimitReached } from '../shared/database/error-codes';
import { DatabaseAway, explainFailure, LoginRefused } from '../shared/database/errors';
import { retrying } from '../shared/invocation/retrying';
import { errorFields, log } from '../shared/log';
import { credentialsOf, nameOf, targetOf, type CheckedLogin } from './logins';

/** A new IAM policy takes effect within seconds. A login that is refused for longer stays refused. */
const REFUSED_MS = 60_000;

/**
 * Retries a login until it works. The target of a new proxy becomes AVAILABLE only after some minutes. Until then clients of the
 * proxy get no connection.
 *
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_TargetHealth.html
 *
 * @param remainingMs returns the remaining time of the invocation
 * @returns a sentence that names the login and the reason of its failure; `undefined` if it works
 */
export async function checkLogin(login: CheckedLogin, remainingMs: () => number): Promise<string | undefined> {
  const started = performance.now();
  const isTransient = (error: unknown): boolean =>
    error instanceof DatabaseAway || (error instanceof LoginRefused && performance.now() - started < REFUSED_MS);
  try {
    await retrying(remainingMs, isTransient, () => logIn(login));
    log('info', `Works: ${nameOf(login)}`, { milliseconds: Math.round(performance.now() - started) });
    return undefined;
  } catch (error) {
    log('error', `Fails: ${nameOf(login)}`, errorFields(error));
    return `${nameOf(login)}: ${explainFailure(error)}`;
  }
}

/** Logs in and runs one statement: a proxy may accept its client before it has a connection to the database. */
async function logIn(login: CheckedLogin): Promise<void> {
  const target = targetOf(login);
  const database = new Database(target, credentialsOf(login, target));
  try {
    await database.run((query) => query('SELECT 1'));
  } catch (error) {
    // The server checks the connection limit after the password or token, so the login itself works.
    if (!(error instanceof Error && isUserLimitReached(error.cause))) throw error;
  } finally {
    await database.close();
  }
}
