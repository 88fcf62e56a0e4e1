import { UNLIMITED_MS, type Database, type Query } from '../shared/database/database';
import type { Target } from '../shared/database/target';
import { findSecret, readSecret, type UserAndPassword } from '../shared/secrets/secret';
import { hostsOf } from '../shared/users/account';
import { withPasswordLock } from '../shared/users/password-lock';
import { logsIn } from '../shared/users/password-login';
import { makeBothValid } from '../shared/users/two-passwords';
import { describeSecret, generatePassword, makeCurrent, putPending } from './versions';

/** A rotation of a secret. */
export interface Rotation {
  readonly secretArn: string;
  /** Id of the version that becomes the current one. */
  readonly versionId: string;
}

/** The database server that the steps change. */
export interface Server {
  readonly target: Target;
  /** Connection of the master user. */
  readonly database: Database;
  /** Minimum time between two rotations: a proxy may take this long to notice the first. */
  readonly minIntervalSeconds: number;
}

type Step = (rotation: Rotation, server: Server) => Promise<void>;

/**
 * The four steps, in the order in which Secrets Manager invokes them. Each is idempotent: Secrets Manager repeats a step
 * whose answer is lost.
 *
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html
 */
export const steps = { createSecret, setSecret, testSecret, finishSecret } satisfies Record<string, Step>;

const pendingVersion = ({ versionId }: Rotation) => ({ stage: 'AWSPENDING', id: versionId }) as const;

/** Creates the next password. A repeated step keeps the existing one. */
async function createSecret(rotation: Rotation, { minIntervalSeconds }: Server): Promise<void> {
  const { secretArn, versionId } = rotation;
  const { user } = await readSecret(secretArn);
  if (await findSecret(secretArn, pendingVersion(rotation))) return;
  await checkInterval(secretArn, minIntervalSeconds);
  await putPending(secretArn, versionId, { user, password: await generatePassword() });
}

/**
 * Rejects a rotation that follows too soon. Such a rotation would invalidate the previous password, which a proxy may still use
 * until it notices the last rotation.
 */
async function checkInterval(secretArn: string, minIntervalSeconds: number): Promise<void> {
  const { LastRotatedDate } = await describeSecret(secretArn);
  const earliest = (LastRotatedDate?.getTime() ?? 0) + minIntervalSeconds * 1000;
  if (Date.now() >= earliest) return;
  throw new Error(
    `The secret ${secretArn} was rotated less than ${minIntervalSeconds} s ago. A proxy may still log in with the previous password, ` +
      `which another rotation would invalidate. No password was changed. Rotate the secret again after ${new Date(earliest).toISOString()}; ` +
      'if Secrets Manager answers that a rotation is not complete, remove the label AWSPENDING first.',
  );
}

/** Adds the next password to the user and keeps the current one. */
async function setSecret(rotation: Rotation, { target, database }: Server): Promise<void> {
  const { secretArn } = rotation;
  const { user } = await readSecret(secretArn);
  const work = (query: Query): Promise<void> =>
    withPasswordLock(query, user, async () => {
      // Reads the current version again: the previous holder of the lock may have replaced it.
      const [current, next] = [await readSecret(secretArn), await readSecret(secretArn, pendingVersion(rotation))];
      checkUser(secretArn, current, next);
      await makeBothValid(query, target, { name: user, host: await hostOf(query, user) }, [current, next]);
    });
  await database.run(work, UNLIMITED_MS);
}

function checkUser(secretArn: string, current: UserAndPassword, next: UserAndPassword): void {
  if (current.user === next.user) return;
  throw new Error(
    `The pending version of ${secretArn} must be for the user '${current.user}', got '${next.user}': ` +
      'a rotation changes only the password. Remove the label AWSPENDING from that version and rotate again.',
  );
}

async function hostOf(query: Query, user: string): Promise<string> {
  const [host, ...others] = await hostsOf(query, user);
  if (host !== undefined && others.length === 0) return host;
  throw new Error(
    `The user '${user}' must have exactly one account, got ${host === undefined ? 'none' : [host, ...others].join(', ')}. ` +
      'Invoke the bootstrap again with Terraform (docs/operations.md#without-rotation): ' +
      'the bootstrap then creates the declared account and drops the others.',
  );
}

/** Tests the next password by logging in with it. */
async function testSecret(rotation: Rotation, { target }: Server): Promise<void> {
  const next = await readSecret(rotation.secretArn, pendingVersion(rotation));
  if (await logsIn(target, next)) return;
  throw new Error(
    `The user '${next.user}' cannot log in with its new password, so the current one stays valid. ` +
      `Rotate ${rotation.secretArn} again. If that does not help, invoke the bootstrap again with Terraform ` +
      '(docs/operations.md#without-rotation): the bootstrap then repairs the user.',
  );
}

/**
 * Makes the new password the current one in the secret. The previous one stays valid until the next rotation. Tests the
 * new password again under the lock: since testSecret, a deployment may have changed or recreated the user.
 */
async function finishSecret(rotation: Rotation, server: Server): Promise<void> {
  const { secretArn, versionId } = rotation;
  const { user } = await readSecret(secretArn);
  const work = (query: Query): Promise<void> =>
    withPasswordLock(query, user, async () => {
      const { VersionIdsToStages: labels = {} } = await describeSecret(secretArn);
      const current = Object.keys(labels).find((version) => labels[version]?.includes('AWSCURRENT'));
      if (current === versionId) return;
      await testSecret(rotation, server);
      await makeCurrent(secretArn, versionId, current);
    });
  await server.database.run(work, UNLIMITED_MS);
}
