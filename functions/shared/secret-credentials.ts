import type { Credentials, Login } from './credentials';
import { environment } from './env';
import { log } from './log';
import { readSecret } from './secret';

/**
 * Logs in with the user and password of a secret. It is read once, and once more when the server refuses it, as after
 * a rotation.
 */
export function secretCredentials(): Credentials {
  const secretArn = environment('DB_SECRET_ARN', 'the secret with username and password');
  let cached: Login | undefined;
  let fresh = false;

  return {
    login: async () => {
      fresh = cached === undefined;
      cached ??= { ...(await readSecret(secretArn)), clearText: false };
      return cached;
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
