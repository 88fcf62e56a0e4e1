import type { SecretsManagerRotationEvent } from 'aws-lambda';
import { Database } from '../shared/database';
import { checksOf } from '../shared/errors';
import { errorFields, log } from '../shared/log';
import { secretCredentials } from '../shared/secret-credentials';
import { target } from '../shared/target';
import { steps } from './steps';
import { describeSecret } from './versions';

const instance = target();
const database = new Database(instance, secretCredentials());

/**
 * One step of a rotation, as Secrets Manager asks for it.
 *
 * @throws Error that Secrets Manager keeps in CloudTrail; the log tells more. Both without a password.
 */
export async function handler({ Step, SecretId, ClientRequestToken }: SecretsManagerRotationEvent): Promise<void> {
  const step = steps[Step];
  if (step === undefined) {
    throw new Error(
      `Step must be one of ${Object.keys(steps).join(', ')}, got ${JSON.stringify(Step)}: Secrets Manager knows no other. Start a rotation with \`aws secretsmanager rotate-secret\`.`,
    );
  }
  const fields = { step: Step, secret: SecretId, version: ClientRequestToken };
  try {
    const done = await isCurrent(SecretId, ClientRequestToken);
    if (!done) await step({ secretArn: SecretId, token: ClientRequestToken }, { target: instance, database });
    log('info', done ? 'Nothing to do: the version is current' : 'Done', fields);
  } catch (error) {
    log('error', 'The step failed', { ...fields, ...errorFields(error), check: checksOf(error) });
    throw error;
  } finally {
    await database.close();
  }
}

/**
 * Whether the version has already become the current one.
 *
 * @throws Error where no rotation of this secret awaits the version.
 */
async function isCurrent(secretArn: string, token: string): Promise<boolean> {
  const { rotationEnabled, stages } = await describeSecret(secretArn);
  const labels = stages[token] ?? [];
  if (labels.includes('AWSCURRENT')) return true;
  const rule = !rotationEnabled
    ? 'must have rotation switched on'
    : labels.includes('AWSPENDING')
      ? undefined
      : `must have the label AWSPENDING on the version ${token}, got ${labels.join(', ') || 'no label'}`;
  if (rule === undefined) return false;
  throw new Error(
    `The secret ${secretArn} ${rule}: only a rotation that Secrets Manager began can go on. Start one with \`aws secretsmanager rotate-secret\`.`,
  );
}
