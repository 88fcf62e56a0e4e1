import type { Context } from 'aws-lambda';
import { isKeepActive } from '../shared/keep-active';
import { checkLogin } from './check';
import { nameOf, parseLogins } from './logins';

/** What Terraform keeps of the invocation. */
interface Result {
  readonly logins: readonly string[];
}

/**
 * Logs in in every way that the deployment serves, side by side, and waits for proxies that are not ready yet.
 *
 * @throws Error that says which logins fail and why; a person reads it in the output of `terraform apply`.
 */
export async function handler(event: unknown, context: Context): Promise<Result | undefined> {
  if (isKeepActive(event)) return undefined;
  const logins = parseLogins(event);
  const outcomes = await Promise.all(
    logins.map((login) => checkLogin(login, () => context.getRemainingTimeInMillis())),
  );
  const failures = outcomes.filter((failure) => failure !== undefined);
  if (failures.length === 0) return { logins: logins.map(nameOf) };
  throw new Error(
    `Logins that do not work: ${failures.length} of ${logins.length}. ${failures.join(' ')} ` +
      'Until this is corrected the API answers errors. Apply again then, which repeats this check.',
  );
}
