import type { Credentials, Login } from './credentials';
import { environment } from './env';
import { DatabaseAway } from './errors';
import { errorFields, log } from './log';
import { findSecret, readSecret, type UserAndPassword } from './secret';

/**
 * Logs in with the user and password of a secret, and survives its rotation.
 *
 * The instance accepts the present password and the one before it. A proxy compares with the one password that it has read
 * from the secret, and notices a rotation only some time later (docs/adr/0010). So the logins are, until one is accepted:
 * the one that worked last, the present one, the one before.
 */
export function secretCredentials(
  secretArn = environment('DB_SECRET_ARN', 'the secret with username and password'),
): Credentials {
  let latest: UserAndPassword | undefined;

  async function* logins(): AsyncGenerator<Login> {
    const refused: UserAndPassword[] = [];
    const candidates = [() => latest, () => readSecret(secretArn), () => findPrevious(secretArn)];
    for (const read of candidates) {
      const candidate = await read();
      if (candidate === undefined || refused.some((one) => isSame(one, candidate))) continue;
      if (refused.length > 0) log('info', 'The login was refused; another version of the secret is tried');
      latest = candidate;
      yield { ...candidate, clearText: false };
      // The server refused it. It is not kept, also where reading the next one fails.
      latest = undefined;
      refused.push(candidate);
    }
  }

  return {
    logins,
    checks: [
      `the secret ${secretArn} holds the present username and password of the database user`,
      'the user may log in from the address of the caller: password users are limited to the VPC',
    ],
  };
}

/** It is tried where the present version was refused. If it cannot be read, that refusal is what the caller has to know. */
async function findPrevious(secretArn: string): Promise<UserAndPassword | undefined> {
  try {
    return await findSecret(secretArn, { stage: 'AWSPREVIOUS' });
  } catch (error) {
    if (error instanceof DatabaseAway) throw error;
    log('warn', 'The version of the secret before the present one cannot be read', errorFields(error));
    return undefined;
  }
}

const isSame = (one: UserAndPassword, other: UserAndPassword): boolean =>
  one.user === other.user && one.password === other.password;
