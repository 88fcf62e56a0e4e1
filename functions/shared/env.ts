/**
 * Reads a required environment variable.
 *
 * Call it while the Lambda function starts: a missing variable then fails every request, not only some.
 *
 * @throws Error that names the variable and its purpose.
 */
export function environment(name: string, purpose: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') {
    throw new Error(`The environment variable ${name} must be set: ${purpose}. Deploy again: the deployment sets it.`);
  }
  return value;
}
