import type { Context } from 'aws-lambda';
import { isKeepActive } from '../shared/invocation/keep-active';
import { checkLogin } from './check';
import { nameOf, parseLogins } from './logins';

/** Result of the invocation, which Terraform stores. */
interface Result {
  readonly logins: readonly string[];
}

/**
 * Tries every login of the deployment in parallel, and waits for proxies that are not ready yet.
 *
 * @throws Error that says which logins fail and why; `terraform apply` prints it.
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
    `Failed logins: ${failures.length} of ${logins.length}. ${failures.join(' ')} ` +
      'Until this is fixed, the API answers with errors. Then apply again, which repeats this check.',
  );
}
