import {
  DescribeSecretCommand,
  GetRandomPasswordCommand,
  PutSecretValueCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { secretsManager, secretText, type UserAndPassword } from '../shared/secret';

/** Of letters and digits, as long as the first one that the deployment drew. */
const PASSWORD_LENGTH = 32;

/** What Secrets Manager tells of a secret without its value. */
export interface SecretDescription {
  readonly rotationEnabled: boolean;
  /** Staging labels, by the ids of the versions that carry any. */
  readonly stages: Readonly<Record<string, readonly string[]>>;
  /** When the last rotation ended. Absent before the first. */
  readonly lastRotated?: Date;
}

export async function describeSecret(secretArn: string): Promise<SecretDescription> {
  const secret = await secretsManager.send(new DescribeSecretCommand({ SecretId: secretArn }));
  return {
    rotationEnabled: secret.RotationEnabled ?? false,
    stages: secret.VersionIdsToStages ?? {},
    ...(secret.LastRotatedDate && { lastRotated: secret.LastRotatedDate }),
  };
}

export async function drawPassword(): Promise<string> {
  const { RandomPassword } = await secretsManager.send(
    new GetRandomPasswordCommand({ PasswordLength: PASSWORD_LENGTH, ExcludePunctuation: true }),
  );
  // An empty password would let the user in without any.
  if (!RandomPassword) throw new Error('Secrets Manager drew no password');
  return RandomPassword;
}

/** Gives the pending version its value. */
export async function putPending(secretArn: string, token: string, value: UserAndPassword): Promise<void> {
  await secretsManager.send(
    new PutSecretValueCommand({
      SecretId: secretArn,
      ClientRequestToken: token,
      SecretString: secretText(value),
      VersionStages: ['AWSPENDING'],
    }),
  );
}

/** Makes a version the current one; Secrets Manager labels the one before AWSPREVIOUS. */
export async function makeCurrent(secretArn: string, token: string, before: string | undefined): Promise<void> {
  await secretsManager.send(
    new UpdateSecretVersionStageCommand({
      SecretId: secretArn,
      VersionStage: 'AWSCURRENT',
      MoveToVersionId: token,
      RemoveFromVersionId: before,
    }),
  );
}
