import { Signer } from '@aws-sdk/rds-signer';
import type { ExpectedLogin, MatrixRow } from '../../contract/logins';
import type { Target } from '../shared/database/target';
import { environment } from '../shared/env';
import { findSecret, readSecret } from '../shared/secrets/secret';

/** User name and password or token of one login. */
export interface ProbeLogin {
  readonly user: string;
  readonly proof: string;
  readonly by: ExpectedLogin['login'];
}

/** Returns the logins to try for a probe. There are several after a rotation, which a proxy may not have noticed yet. */
export type LoginsOfProbe = (probe: ExpectedLogin, target: Target) => Promise<readonly ProbeLogin[]>;

/**
 * Returns a function that makes the logins of one measurement. Each measurement reads the secret, because a rotation may have
 * changed the password.
 *
 * Logins straight to the instance use a password user and an IAM user. Logins through a proxy with a secret use the password
 * user, because that proxy logs in with the password even for an IAM client. A proxy that logs in by IAM needs the IAM user.
 */
export function matrixLogins(rows: readonly MatrixRow[]): () => Promise<LoginsOfProbe> {
  const secretArn = environment('DB_SECRET_ARN', 'the secret of the user that logs in by password');
  const iamUser = environment(
    'DB_USER',
    'the user that logs in by IAM, to the instance and to a proxy without a secret',
  );
  const region = environment('AWS_REGION', 'the region that tokens are signed for');
  const hasSecret = (target: ExpectedLogin['target']): boolean =>
    rows.some(({ proxy, upstream }) => proxy === target && upstream !== 'iam');
  return async () => {
    const current = await readSecret(secretArn);
    const previous = await findSecret(secretArn, { stage: 'AWSPREVIOUS' });
    const { user: passwordUser } = current;
    // A proxy knows one password and notices a rotation only later (docs/adr/0010).
    const passwords = previous?.user === passwordUser ? [current, previous] : [current];
    return async ({ login, target }, { host, port }) => {
      if (login === 'password') return passwords.map(({ user, password }) => ({ user, proof: password, by: login }));
      const user = hasSecret(target) ? passwordUser : iamUser;
      const signer = new Signer({ hostname: host, port, username: user, region });
      return [{ user, proof: await signer.getAuthToken(), by: login }];
    };
  };
}
