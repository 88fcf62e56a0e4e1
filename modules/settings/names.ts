/** Start of every name from `resourceName`, so that a search in the AWS console finds the project's resources. */
const PROJECT = 'login-matrix';

/** Returns the name of a resource: `login-matrix-dev-func1`. */
export function resourceName(environment: string, ...parts: string[]): string {
  return [PROJECT, environment, ...parts].join('-');
}
