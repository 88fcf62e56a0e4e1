import type { Context } from 'aws-lambda';
import { Database } from '../shared/database/database';
import { isUserLimitReached } from '../shared/database/error-codes';
import { DatabaseUnavailable, explainFailure, LoginRefused } from '../shared/database/errors';
import { isKeepActive } from '../shared/invocation/keep-active';
import { retrying } from '../shared/invocation/retrying';
import { errorFields, log } from '../shared/log';
import { credentialsOf, nameOf, parseLogins, targetOf, type LoginToCheck } from './logins';

/** Refused logins are retried for this time, because a new IAM policy takes effect only after some seconds. */
const RETRY_REFUSED_MS = 60_000;

/**
 * Tries every login of the event in parallel, and waits for proxies that are not ready yet.
 *
 * @returns the logins, for Terraform's state; `undefined` for an invocation that only keeps the function active
 * @throws Error that says which logins fail and why; `terraform apply` prints it.
 */
export async function handler(event: unknown, context: Context): Promise<{ readonly logins: string[] } | undefined> {
  if (isKeepActive(event)) return undefined;
  const logins = parseLogins(event);
  const outcomes = await Promise.all(
    logins.map((login) => checkLogin(login, () => context.getRemainingTimeInMillis())),
  );
  const failures = outcomes.filter((failure) => failure !== undefined);
  if (failures.length === 0) return { logins: logins.map(nameOf) };
  throw new Error(
    `Failed logins: ${failures.length} of ${logins.length}. ${failures.join(' ')} ` +
      'The routes of these logins answer with errors until this is fixed. Then deploy again, which repeats this check.',
  );
}

/**
 * Tries a login, and retries it after a transient error while the invocation has time. The target of a new proxy becomes AVAILABLE
 * only after some minutes. Until then clients of the proxy get no connection.
 *
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_TargetHealth.html
 *
 * @param remainingMs returns the remaining time of the invocation
 * @returns a sentence that names the login and the reason of its failure; `undefined` if it works
 */
async function checkLogin(login: LoginToCheck, remainingMs: () => number): Promise<string | undefined> {
  const started = performance.now();
  const isTransient = (error: unknown): boolean =>
    error instanceof DatabaseUnavailable ||
    (error instanceof LoginRefused && performance.now() - started < RETRY_REFUSED_MS);
  try {
    await retrying(remainingMs, isTransient, () => logIn(login));
    log('info', `Works: ${nameOf(login)}`, { milliseconds: Math.round(performance.now() - started) });
    return undefined;
  } catch (error) {
    log('error', `Fails: ${nameOf(login)}`, errorFields(error));
    return `${nameOf(login)}: ${explainFailure(error)}`;
  }
}

/** Logs in and runs one statement, because a proxy may accept a client before the proxy has a connection to the database. */
async function logIn(login: LoginToCheck): Promise<void> {
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
