/**
 * The value of an environment variable.
 *
 * Read while the function starts, so that a wrong deployment fails then, and not with the first request.
 *
 * @throws Error that names the variable and tells what it is for.
 */
export function environment(name: string, purpose: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') {
    throw new Error(`The environment variable ${name} must be set: ${purpose}. The deployment sets it.`);
  }
  return value;
}
