import { Signer } from '@aws-sdk/rds-signer';
import type { ExpectedLogin, MatrixRow } from '../../contract/logins';
import type { DatabaseLogin } from '../shared/database/database-credentials';
import type { Target } from '../shared/database/target';
import { environment } from '../shared/env';
import { findSecret, readSecret } from '../shared/secrets/secret';

/** Credentials to try, in order, for one login of the matrix: two after a rotation, which a proxy may not have noticed yet. */
export type CredentialsToTry = readonly [DatabaseLogin, DatabaseLogin?];

/** Returns the credentials to try for a probe, that is, one login of the matrix. */
export type FindCredentials = (probe: ExpectedLogin, target: Target) => Promise<CredentialsToTry>;

/**
 * Returns a function to call once for each measurement. It reads the secret each time, because a rotation may have changed the password.
 *
 * A login by password uses the password user. A login by IAM uses the IAM user at the instance, and at a proxy without a
 * secret. At a proxy with a secret it uses the password user, because the proxy itself logs in to the instance as that user.
 */
export function matrixLogins(rows: readonly MatrixRow[]): () => Promise<FindCredentials> {
  const secretArn = environment('DB_SECRET_ARN', 'the secret of the user that logs in by password');
  const iamUser = environment(
    'DB_USER',
    'the user that logs in by IAM, to the instance and to a proxy without a secret',
  );
  const region = environment('AWS_REGION', 'the region that tokens are signed for');
  const hasSecret = (target: ExpectedLogin['target']): boolean =>
    rows.some(({ proxy, upstream }) => proxy === target && upstream !== 'iam');
  return async () => {
    // In parallel, so that a slow Secrets Manager delays the measurement only once.
    const [secret, previous] = await Promise.all([
      readSecret(secretArn),
      findSecret(secretArn, { stage: 'AWSPREVIOUS' }),
    ]);
    const current = { ...secret, clearText: false };
    // A proxy knows one password and notices a rotation only later (docs/adr/0010).
    const passwords: CredentialsToTry =
      previous?.user === current.user ? [current, { ...previous, clearText: false }] : [current];
    return async ({ login, target }, { host, port }) => {
      if (login === 'password') return passwords;
      const user = hasSecret(target) ? current.user : iamUser;
      const signer = new Signer({ hostname: host, port, username: user, region });
      return [{ user, password: await signer.getAuthToken(), clearText: true }];
    };
  };
}
