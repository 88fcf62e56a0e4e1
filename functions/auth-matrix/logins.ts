import { Signer } from '@aws-sdk/rds-signer';
import type { ExpectedLogin, MatrixRow } from '../../contract/logins';
import type { Target } from '../shared/database/target';
import { environment } from '../shared/env';
import { findSecret, readSecret } from '../shared/secrets/secret';

/** Whom a login says it is, and the proof it has. */
export interface Login {
  readonly user: string;
  /** The password, or the token in its place. */
  readonly proof: string;
  readonly by: ExpectedLogin['login'];
}

/** Makes the logins of each probe: more than one where a refusal may only mean that a rotation has not been noticed yet. */
export type Logins = (probe: ExpectedLogin, target: Target) => Promise<readonly Login[]>;

/**
 * The logins of this function. The secret is read anew for each measurement: it may have been rotated since the last.
 *
 * Straight to the instance a password user and an IAM user are two users. Through a proxy with a secret it is always the
 * first, since the proxy logs in with the password whatever its own client brought. A proxy that logs in by IAM needs the second.
 */
export function roleLogins(rows: readonly MatrixRow[]): () => Promise<Logins> {
  const secretArn = environment('DB_SECRET_ARN', 'the secret of the user that logs in by password');
  const iamUser = environment('DB_USER', 'the user that logs in to the instance by IAM');
  const region = environment('AWS_REGION', 'the region that tokens are signed for');
  const hasSecret = (target: ExpectedLogin['target']): boolean =>
    rows.some(({ proxy, upstream }) => proxy === target && upstream !== 'iam');
  return async () => {
    const present = await readSecret(secretArn);
    const previous = await findSecret(secretArn, { stage: 'AWSPREVIOUS' });
    const { user: passwordUser } = present;
    // A proxy knows one password, and notices a rotation some time later (docs/adr/0010).
    const passwords = previous?.user === passwordUser ? [present, previous] : [present];
    return async ({ login, target }, { host, port }) => {
      if (login === 'password') return passwords.map(({ user, password }) => ({ user, proof: password, by: login }));
      const user = hasSecret(target) ? passwordUser : iamUser;
      const signer = new Signer({ hostname: host, port, username: user, region });
      return [{ user, proof: await signer.getAuthToken(), by: login }];
    };
  };
}
