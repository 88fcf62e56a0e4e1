import type { Credentials, Login } from './credentials';
import { environment } from './env';
import { log } from './log';
import { readSecret } from './secret';

/**
 * Logs in with the user and password of a secret. It is read once, and once more when the server refuses it: it may have
 * been rotated since, even between the reading and the login.
 */
export function secretCredentials(): Credentials {
  const secretArn = environment('DB_SECRET_ARN', 'the secret with username and password');
  let cached: Login | undefined;
  const read = async (): Promise<Login> => ({ ...(await readSecret(secretArn)), clearText: false });

  return {
    login: async () => (cached ??= await read()),
    refused: async () => {
      const before = cached;
      // Nothing is kept of a reading that fails.
      cached = undefined;
      cached = await read();
      const differs = cached.user !== before?.user || cached.password !== before.password;
      if (differs) log('info', 'The login was refused; the secret holds another by now');
      return differs;
    },
    checks: [
      `the secret ${secretArn} holds the present username and password of the database user`,
      'the user may log in from the address of the caller: password users are limited to the VPC',
    ],
  };
}
