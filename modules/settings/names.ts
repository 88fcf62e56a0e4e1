/** First part of every name, so that the stack's resources are found side by side in the console. */
const PROJECT = 'login-matrix';

/**
 * How long AWS lets the name of a role be, in characters. All other names are shorter, or may be longer.
 *
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export const NAME_LIMIT = 64;

/** The name of a resource: `login-matrix-dev-func1`. */
export function resourceName(environment: string, ...parts: string[]): string {
  return [PROJECT, environment, ...parts].join('-');
}

/** The name that comes to its limit first: a role's. */
export function longestName(environment: string): string {
  return resourceName(environment, 'password-proxy');
}
