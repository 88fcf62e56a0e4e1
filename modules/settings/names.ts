/** Prefix of every name, so that the console lists the stack's resources together. */
const PROJECT = 'login-matrix';

/** Returns the name of a resource: `login-matrix-dev-func1`. */
export function resourceName(environment: string, ...parts: string[]): string {
  return [PROJECT, environment, ...parts].join('-');
}
