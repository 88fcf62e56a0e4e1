/** The database, or a service needed to reach it, does not answer at the moment. */
export class DatabaseAway extends Error {
  override readonly name = 'DatabaseAway';

  constructor(
    message: string,
    options?: ErrorOptions,
    /** What to check if waiting does not help. */
    readonly checks: readonly string[] = [],
  ) {
    super(message, options);
  }
}

/** The database or Secrets Manager refuses the login: the deployment is misconfigured. */
export class LoginRefused extends Error {
  override readonly name = 'LoginRefused';

  constructor(
    message: string,
    /** What to check. */
    readonly checks: readonly string[],
    options: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Returns what to check, or nothing if the error does not say. */
export function checksOf(error: unknown): readonly string[] {
  return error instanceof DatabaseAway || error instanceof LoginRefused ? error.checks : [];
}

/** Describes an error and its remedy in sentences. */
export function explainFailure(error: unknown): string {
  const reasons: string[] = [];
  for (let at: unknown = error; at instanceof Error; at = at.cause) reasons.push(at.message);
  const checks = checksOf(error);
  const remedy = checks.length > 0 ? `Check: ${checks.join('; ')}.` : 'Fix it and apply again.';
  return `${reasons.join(': ')}. ${remedy}`;
}
