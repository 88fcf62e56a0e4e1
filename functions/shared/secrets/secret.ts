import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { secretFailure } from './secret-failure';

/** Secrets Manager answers in milliseconds. If its endpoint is missing, the caller should get an error soon. */
const CONNECTION_TIMEOUT_MS = 1_000;
const REQUEST_TIMEOUT_MS = 2_000;

export const secretsManager = new SecretsManagerClient({
  maxAttempts: 2,
  requestHandler: {
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    // Without this the SDK only logs a warning and waits until the function times out.
    throwOnRequestTimeout: true,
  },
});

// Adds the name Secrets Manager to errors. Without it, a refusal or an outage would look like a failure of the database.
secretsManager.middlewareStack.add(
  (next, { commandName = '' }) =>
    async (args) => {
      try {
        return await next(args);
      } catch (error) {
        const { SecretId: secret } = args.input as { SecretId?: string };
        throw secretFailure(error, { action: commandName.replace(/Command$/, ''), secret });
      }
    },
  { step: 'initialize' },
);

/** Content of a secret, whether RDS or this deployment made it. */
export interface UserAndPassword {
  readonly user: string;
  readonly password: string;
}

/** Identifies one version of a secret: by its staging label, and also by its id if the label may move before the read. */
export interface SecretVersion {
  readonly stage: 'AWSCURRENT' | 'AWSPENDING' | 'AWSPREVIOUS';
  readonly id?: string;
}

export const CURRENT: SecretVersion = { stage: 'AWSCURRENT' };

/**
 * Reads a secret.
 *
 * @param abortSignal ends the request when the caller has no time left
 * @throws DatabaseUnavailable if Secrets Manager does not answer or reports a temporary error.
 * @throws LoginRefused if Secrets Manager refuses to return the secret.
 * @throws Error if the secret is not JSON with username and password. SECURITY: this error omits the message of the JSON
 * parser, which quotes the secret.
 */
export async function readSecret(
  secretArn: string,
  { stage, id }: SecretVersion = CURRENT,
  abortSignal?: AbortSignal,
): Promise<UserAndPassword> {
  const { SecretString } = await secretsManager.send(
    new GetSecretValueCommand({ SecretId: secretArn, VersionStage: stage, ...(id !== undefined && { VersionId: id }) }),
    { ...(abortSignal && { abortSignal }) },
  );
  const { username, password } = parseJson(SecretString ?? '');
  if (typeof username !== 'string' || typeof password !== 'string') {
    throw new Error(`The secret ${secretArn} must be JSON with the strings username and password`);
  }
  return { user: username, password };
}

/** Reads a version of a secret, or returns `undefined` if Secrets Manager finds no value. @throws Error as `readSecret` does */
export async function findSecret(
  secretArn: string,
  version: SecretVersion,
  abortSignal?: AbortSignal,
): Promise<UserAndPassword | undefined> {
  try {
    return await readSecret(secretArn, version, abortSignal);
  } catch (error) {
    const { cause } = error as Error;
    if (cause instanceof Error && cause.name === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}

/** Returns the content of a secret in the format that RDS writes and RDS Proxy reads. */
export const secretText = ({ user, password }: UserAndPassword): string => JSON.stringify({ username: user, password });

function parseJson(text: string): { username?: unknown; password?: unknown } {
  try {
    return (JSON.parse(text) ?? {}) as { username?: unknown; password?: unknown };
  } catch {
    return {};
  }
}
