import { Database } from '../shared/database/database';
import { checksOf } from '../shared/database/errors';
import { readTarget } from '../shared/database/target';
import { environment } from '../shared/env';
import { isKeepActive } from '../shared/invocation/keep-active';
import { errorFields, log } from '../shared/log';
import { secretCredentials } from '../shared/secrets/secret-credentials';
import { steps } from './steps';
import { describeSecret } from './versions';

const instance = readTarget();
const database = new Database(instance, secretCredentials());
const minIntervalSeconds = Number(environment('ROTATION_PAUSE_SECONDS', 'the minimum time between two rotations'));

/** The last sentence of each error message for an invocation by hand. */
const BY_HAND = 'Do not invoke this function by hand: start a rotation with `aws secretsmanager rotate-secret`.';

/**
 * Runs the step of a rotation that Secrets Manager requests.
 *
 * @throws Error if the step fails, so that Secrets Manager reports a failed rotation; the log has the details. SECURITY: neither
 * the message nor the log contains a password.
 */
export async function handler(event: unknown): Promise<void> {
  if (isKeepActive(event)) return;
  const { Step, SecretId, ClientRequestToken } = parseRotationEvent(event);
  const fields = { step: Step, secret: SecretId, version: ClientRequestToken };
  try {
    const isDone = await isCurrent(SecretId, ClientRequestToken);
    if (!isDone)
      await steps[Step](
        { secretArn: SecretId, versionId: ClientRequestToken },
        { target: instance, database, minIntervalSeconds },
      );
    log('info', isDone ? 'Nothing to do: the version is current' : 'Done', fields);
  } catch (error) {
    log('error', 'The step failed', { ...fields, ...errorFields(error), check: checksOf(error) });
    throw error;
  } finally {
    await database.close();
  }
}

interface RotationEvent {
  readonly Step: keyof typeof steps;
  readonly SecretId: string;
  readonly ClientRequestToken: string;
}

/** @throws Error if a field of the rotation event is missing or invalid. */
function parseRotationEvent(event: unknown): RotationEvent {
  const { Step, SecretId, ClientRequestToken } = Object(event) as Readonly<Record<keyof RotationEvent, unknown>>;
  const isStep = typeof Step === 'string' && Object.hasOwn(steps, Step);
  if (!isStep) throw invalid('Step', `one of ${Object.keys(steps).join(', ')}`, Step);
  if (typeof SecretId !== 'string' || SecretId === '') throw invalid('SecretId', 'the ARN of a secret', SecretId);
  if (typeof ClientRequestToken !== 'string' || ClientRequestToken === '') {
    throw invalid('ClientRequestToken', 'the id of a version of the secret', ClientRequestToken);
  }
  return { Step: Step as RotationEvent['Step'], SecretId, ClientRequestToken };
}

function invalid(field: keyof RotationEvent, rule: string, value: unknown): Error {
  const got = value === undefined ? 'nothing' : JSON.stringify(value);
  return new Error(`${field} must be ${rule}, got ${got}. ${BY_HAND}`);
}

/**
 * Returns whether the version is already the current one.
 *
 * @throws Error if Secrets Manager has not started a rotation with this version.
 */
async function isCurrent(secretArn: string, versionId: string): Promise<boolean> {
  const { RotationEnabled = false, VersionIdsToStages = {} } = await describeSecret(secretArn);
  const labels = VersionIdsToStages[versionId] ?? [];
  if (labels.includes('AWSCURRENT')) return true;
  if (RotationEnabled && labels.includes('AWSPENDING')) return false;
  const rule = RotationEnabled
    ? `must have the label AWSPENDING on the version ${versionId}, got ${labels.join(', ') || 'no label'}`
    : 'must have rotation enabled. A deployment enables it for each secret that this function rotates';
  throw new Error(`The secret ${secretArn} ${rule}. ${BY_HAND}`);
}
