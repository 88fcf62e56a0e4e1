/** Prefix of every name, so that the console lists the stack's resources together. */
const PROJECT = 'login-matrix';

/**
 * Longest role name that AWS allows, in characters. All other names are shorter or have a higher limit.
 *
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export const NAME_LIMIT = 64;

/** Returns the name of a resource: `login-matrix-dev-func1`. */
export function resourceName(environment: string, ...parts: string[]): string {
  return [PROJECT, environment, ...parts].join('-');
}

/** Returns the longest role name, which reaches its limit first. */
export function longestName(environment: string): string {
  return resourceName(environment, 'password-proxy');
}
