import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { secretFailure } from './diagnosis/secret';

/** Secrets Manager answers in milliseconds, or its endpoint is missing: then the caller should soon hear of it. */
const CONNECTION_TIMEOUT_MS = 1_000;
const REQUEST_TIMEOUT_MS = 2_000;

export const secretsManager = new SecretsManagerClient({
  maxAttempts: 2,
  requestHandler: {
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    // Without it the SDK only warns, and waits on until the function's time is up.
    throwOnRequestTimeout: true,
  },
});

// Whoever sends a command, its failure is told as Secrets Manager's own, and taken for none of the database.
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

/** The user and password that a secret of RDS or of ours holds. */
export interface UserAndPassword {
  readonly user: string;
  readonly password: string;
}

/** One version of a secret: by its staging label, and by its id where the label alone could move meanwhile. */
export interface SecretVersion {
  readonly stage: 'AWSCURRENT' | 'AWSPENDING' | 'AWSPREVIOUS';
  readonly id?: string;
}

/**
 * Reads a secret.
 *
 * @throws DatabaseAway where Secrets Manager does not answer.
 * @throws LoginRefused where it does not give the secret out.
 * @throws Error where the secret holds something else. SECURITY: no error carries the secret's text, so that of the parser is
 * not passed on.
 */
export async function readSecret(
  secretArn: string,
  { stage, id }: SecretVersion = { stage: 'AWSCURRENT' },
): Promise<UserAndPassword> {
  const { SecretString } = await secretsManager.send(
    new GetSecretValueCommand({ SecretId: secretArn, VersionStage: stage, ...(id !== undefined && { VersionId: id }) }),
  );
  const { username, password } = parseJson(SecretString ?? '');
  if (typeof username !== 'string' || typeof password !== 'string') {
    throw new Error(`The secret ${secretArn} must be JSON with the strings username and password`);
  }
  return { user: username, password };
}

/** Reads a version of a secret, if there is such a version and it has a value. @throws Error as `readSecret` does */
export async function findSecret(secretArn: string, version: SecretVersion): Promise<UserAndPassword | undefined> {
  try {
    return await readSecret(secretArn, version);
  } catch (error) {
    const { cause } = error as Error;
    if (cause instanceof Error && cause.name === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}

/** The text of a secret, as RDS and RDS Proxy read it. */
export const secretText = ({ user, password }: UserAndPassword): string => JSON.stringify({ username: user, password });

function parseJson(text: string): { username?: unknown; password?: unknown } {
  try {
    return (JSON.parse(text) ?? {}) as { username?: unknown; password?: unknown };
  } catch {
    return {};
  }
}
