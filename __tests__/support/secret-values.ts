import type { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { secretsManager, type SecretVersion } from '../../functions/shared/secrets/secret';

type StagingLabel = SecretVersion['stage'];

/** An error like that of `secretsManager` for a version that does not exist. */
export const MISSING_VERSION = new Error('refused', {
  cause: Object.assign(new Error(), { name: 'ResourceNotFoundException' }),
});

/**
 * Answers GetSecretValue with these values, by staging label. Throws an error in place of a value, and
 * `MISSING_VERSION` for a label without one.
 *
 * @returns a list that grows with each read: the labels, in order of the reads
 */
export function answerWithSecret(values: Partial<Record<StagingLabel, string | Error>>): StagingLabel[] {
  const labels: StagingLabel[] = [];
  jest.spyOn(secretsManager, 'send').mockImplementation((({ input }: GetSecretValueCommand) => {
    const label = input.VersionStage as StagingLabel;
    labels.push(label);
    const value = values[label] ?? MISSING_VERSION;
    return value instanceof Error ? Promise.reject(value) : Promise.resolve({ SecretString: value });
  }) as never);
  return labels;
}
