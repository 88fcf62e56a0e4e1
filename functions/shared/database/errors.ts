/** An error that may say what to check. */
abstract class ErrorWithChecks extends Error {
  constructor(
    message: string,
    readonly checks: readonly string[] = [],
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The database, or a service needed to reach it, is unreachable or cannot do its work at the moment. */
export class DatabaseUnavailable extends ErrorWithChecks {
  override readonly name = 'DatabaseUnavailable';
}

/** The database refuses the login, Secrets Manager refuses a request, or TLS fails: the deployment is misconfigured. */
export class LoginRefused extends ErrorWithChecks {
  override readonly name = 'LoginRefused';
}

/** Returns what to check; an empty list if the error does not say. */
export const checksOf = (error: unknown): readonly string[] => (error instanceof ErrorWithChecks ? error.checks : []);

/**
 * Describes an error in sentences, with what to check or a general remedy. It adds no general remedy to a message that ends with a
 * period: such a message contains a remedy.
 */
export function explainFailure(error: unknown): string {
  const reasons: string[] = [];
  for (let current: unknown = error; current instanceof Error; current = current.cause)
    reasons.push(current.message.replace(/\.$/, ''));
  const failure = `${reasons.join(': ')}.`;
  const checks = checksOf(error);
  if (checks.length > 0) return `${failure} Check: ${checks.join('; ')}.`;
  return error instanceof Error && error.message.endsWith('.') ? failure : `${failure} Fix the cause and deploy again.`;
}
