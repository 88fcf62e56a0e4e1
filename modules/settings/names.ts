/** A part of the resources' names, so that a search in the console finds them. */
const PROJECT = 'login-matrix';

/** Returns the name of a resource: `login-matrix-dev-func1`. */
export function resourceName(environment: string, ...parts: string[]): string {
  return [PROJECT, environment, ...parts].join('-');
}
