import type { DatabaseCredentials, DatabaseLogin } from '../database/database-credentials';
import { DatabaseUnavailable } from '../database/errors';
import { environment } from '../env';
import { errorFields, log } from '../log';
import { CURRENT, findSecret, readSecret, type UserAndPassword } from './secret';

/**
 * Returns credentials from a secret. They keep working during a rotation.
 *
 * The instance accepts the current password and the previous one. A proxy accepts only the password that it last read from
 * the secret, and notices a rotation some time later (docs/adr/0010). So the order of the logins is: the password
 * that worked last, the current one, the previous one.
 */
export function secretCredentials(
  secretArn = environment('DB_SECRET_ARN', 'the secret with username and password'),
): DatabaseCredentials {
  let remembered: UserAndPassword | undefined;

  async function* logins(signal?: AbortSignal): AsyncGenerator<DatabaseLogin> {
    const refused: UserAndPassword[] = [];
    const candidates = [
      () => remembered,
      () => readSecret(secretArn, CURRENT, signal),
      () => findPrevious(secretArn, signal),
    ];
    for (const read of candidates) {
      const candidate = await read();
      if (candidate === undefined || refused.some((login) => isSame(login, candidate))) continue;
      if (refused.length > 0) log('info', 'The login was refused; trying another version of the secret');
      remembered = candidate;
      yield { ...candidate, clearText: false };
      // The caller asks for another login only after a refusal. The next read may fail, so the refused password is forgotten first.
      remembered = undefined;
      refused.push(candidate);
    }
  }

  return {
    logins,
    checks: [
      `the secret ${secretArn} must hold the current username and password of the database user`,
      "the user must be allowed at the function's address: all users with a password, except the master user, may log in only from the VPC",
    ],
  };
}

/**
 * Reads the previous version of the secret. Returns `undefined` if there is none, if Secrets Manager refuses or if the content is
 * invalid: the caller then reports the refusal of the current password, which matters more.
 *
 * @throws DatabaseUnavailable if Secrets Manager does not answer or reports a temporary error.
 */
async function findPrevious(secretArn: string, signal?: AbortSignal): Promise<UserAndPassword | undefined> {
  try {
    return await findSecret(secretArn, { stage: 'AWSPREVIOUS' }, signal);
  } catch (error) {
    if (error instanceof DatabaseUnavailable) throw error;
    log('warn', 'The previous version of the secret cannot be read', errorFields(error));
    return undefined;
  }
}

const isSame = (first: UserAndPassword, second: UserAndPassword): boolean =>
  first.user === second.user && first.password === second.password;
