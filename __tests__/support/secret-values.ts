import type { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { secretsManager, type SecretVersion } from '../../functions/shared/secrets/secret';

type StagingLabel = SecretVersion['stage'];

/** The error that `secretsManager` throws if a secret lacks the requested version. */
export const MISSING_VERSION = new Error('refused', {
  cause: Object.assign(new Error(), { name: 'ResourceNotFoundException' }),
});

/**
 * Answers GetSecretValue with these values, by staging label. Throws a value that is an error, and throws
 * `MISSING_VERSION` for a label without a value.
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
