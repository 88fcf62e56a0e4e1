import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Credentials, Login } from './credentials';
import { environment } from './env';
import { log } from './log';

/** Secrets Manager answers in milliseconds, or an endpoint is missing: then the caller should soon hear of it. */
const CONNECTION_TIMEOUT_MS = 1_000;
const REQUEST_TIMEOUT_MS = 2_000;

/**
 * Logs in with the user and password of a secret. It is read once, and once more when the server refuses it, as after
 * a rotation.
 */
export function secretCredentials(): Credentials {
  const secretArn = environment('DB_SECRET_ARN', 'the secret with username and password');
  const client = new SecretsManagerClient({
    maxAttempts: 2,
    requestHandler: { connectionTimeout: CONNECTION_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS },
  });
  let cached: Promise<Login> | undefined;
  let fresh = false;

  return {
    login: async () => {
      fresh = cached === undefined;
      cached ??= readSecret(client, secretArn);
      try {
        return await cached;
      } catch (error) {
        cached = undefined;
        throw error;
      }
    },
    refused: () => {
      cached = undefined;
      if (!fresh) log('info', 'The login was refused; the secret is read again');
      return !fresh;
    },
    checks: [
      `the secret ${secretArn} holds the present username and password of the database user`,
      'the user may log in from the address of the caller: password users are limited to the VPC',
    ],
  };
}

async function readSecret(client: SecretsManagerClient, secretArn: string): Promise<Login> {
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretArn }));
  return { ...parseLogin(SecretString ?? '', secretArn), clearText: false };
}

/** SECURITY: the secret's text must not get into an error, so the parser's own message is not passed on. */
function parseLogin(text: string, secretArn: string): { user: string; password: string } {
  const { username, password } = parseJson(text);
  if (typeof username !== 'string' || typeof password !== 'string') {
    throw new Error(`The secret ${secretArn} must be JSON with the strings username and password`);
  }
  return { user: username, password };
}

function parseJson(text: string): { username?: unknown; password?: unknown } {
  try {
    return (JSON.parse(text) ?? {}) as { username?: unknown; password?: unknown };
  } catch {
    return {};
  }
}
