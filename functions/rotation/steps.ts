import { hostsOf } from '../shared/account';
import { UNLIMITED_MS, type Database, type Query } from '../shared/database';
import { withPasswordLock } from '../shared/password-lock';
import { logsIn } from '../shared/password-login';
import { findSecret, readSecret, type UserAndPassword } from '../shared/secret';
import type { Target } from '../shared/target';
import { makeBothValid } from '../shared/two-passwords';
import { describeSecret, drawPassword, makeCurrent, putPending } from './versions';

/** One rotation of one secret. */
export interface Rotation {
  readonly secretArn: string;
  /** Id of the version that is to become the current one. */
  readonly token: string;
}

/** What the steps work on. */
export interface Server {
  readonly target: Target;
  /** As the master user. */
  readonly database: Database;
  /** Time from one rotation to the next, at least: so long a proxy may take to notice the first. */
  readonly pauseSeconds: number;
}

type Step = (rotation: Rotation, server: Server) => Promise<void>;

/**
 * The four steps, in the order in which Secrets Manager asks for them. It repeats a step whose answer it missed, so each
 * ends well where its work is done already.
 *
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html
 */
export const steps = { createSecret, setSecret, testSecret, finishSecret } satisfies Record<string, Step>;

const pendingVersion = ({ token }: Rotation) => ({ stage: 'AWSPENDING', id: token }) as const;

/** Draws the next password, once: a repetition finds it. */
async function createSecret(rotation: Rotation, { pauseSeconds }: Server): Promise<void> {
  const { secretArn, token } = rotation;
  const { user } = await readSecret(secretArn);
  if (await findSecret(secretArn, pendingVersion(rotation))) return;
  await checkPause(secretArn, pauseSeconds);
  await putPending(secretArn, token, { user, password: await drawPassword() });
}

/**
 * A rotation ends the validity of the password before the present one. A proxy that has not noticed the last rotation
 * still logs in with it.
 */
async function checkPause(secretArn: string, pauseSeconds: number): Promise<void> {
  const { lastRotated } = await describeSecret(secretArn);
  const next = (lastRotated?.getTime() ?? 0) + pauseSeconds * 1000;
  if (Date.now() >= next) return;
  throw new Error(
    `The secret ${secretArn} was rotated less than ${pauseSeconds} s ago. A proxy may still log in with the password before, ` +
      `which another rotation would make invalid. Nothing was changed. Rotate it again after ${new Date(next).toISOString()}.`,
  );
}

/** Gives the user the next password beside the present one. */
async function setSecret(rotation: Rotation, { target, database }: Server): Promise<void> {
  const { secretArn } = rotation;
  const { user } = await readSecret(secretArn);
  const work = (query: Query): Promise<void> =>
    withPasswordLock(query, user, async () => {
      // Read again: whoever had the lock may have made another version the current one.
      const [present, next] = [await readSecret(secretArn), await readSecret(secretArn, pendingVersion(rotation))];
      checkUser(secretArn, present, next);
      await makeBothValid(query, target, { name: user, host: await hostOf(query, user) }, [present, next]);
    });
  await database.run(work, UNLIMITED_MS);
}

function checkUser(secretArn: string, present: UserAndPassword, next: UserAndPassword): void {
  if (present.user === next.user) return;
  throw new Error(
    `The pending version of ${secretArn} must be of the user ${present.user}, got ${next.user}: ` +
      'a rotation changes the password alone. Remove the label AWSPENDING from it and rotate again.',
  );
}

async function hostOf(query: Query, user: string): Promise<string> {
  const [host, ...others] = await hostsOf(query, user);
  if (host !== undefined && others.length === 0) return host;
  throw new Error(
    `The user ${user} must have one account, got ${host === undefined ? 'none' : [host, ...others].join(', ')}: ` +
      'the deployment makes it, and no second one. Deploy again.',
  );
}

/** Proves the next password the way it will be used: by logging in. */
async function testSecret(rotation: Rotation, { target }: Server): Promise<void> {
  const next = await readSecret(rotation.secretArn, pendingVersion(rotation));
  if (await logsIn(target, next)) return;
  throw new Error(
    `The user ${next.user} does not log in with its new password, so the present one stays. ` +
      `Rotate ${rotation.secretArn} again; where that does not help, deploy again, which repairs the user.`,
  );
}

/**
 * From now on whoever reads the secret gets the new password; the one before stays valid until the next rotation. Under
 * the lock it is proven once more: since testSecret the user may have been changed, or made anew.
 */
async function finishSecret(rotation: Rotation, server: Server): Promise<void> {
  const { secretArn, token } = rotation;
  const { user } = await readSecret(secretArn);
  const work = (query: Query): Promise<void> =>
    withPasswordLock(query, user, async () => {
      const { stages } = await describeSecret(secretArn);
      const before = Object.keys(stages).find((version) => stages[version]?.includes('AWSCURRENT'));
      if (before === token) return;
      await testSecret(rotation, server);
      await makeCurrent(secretArn, token, before);
    });
  await server.database.run(work, UNLIMITED_MS);
}
