import {
  DescribeSecretCommand,
  GetRandomPasswordCommand,
  PutSecretValueCommand,
  UpdateSecretVersionStageCommand,
  type DescribeSecretCommandOutput,
} from '@aws-sdk/client-secrets-manager';
import { PASSWORD_LENGTH } from '../../contract/logins';
import { secretsManager, secretText, type UserAndPassword } from '../shared/secrets/secret';

/** Describes a secret: the labels of its versions, the time of its last rotation, and whether rotation is on. */
export const describeSecret = (secretArn: string): Promise<DescribeSecretCommandOutput> =>
  secretsManager.send(new DescribeSecretCommand({ SecretId: secretArn }));

export async function generatePassword(): Promise<string> {
  const { RandomPassword } = await secretsManager.send(
    new GetRandomPasswordCommand({ PasswordLength: PASSWORD_LENGTH, ExcludePunctuation: true }),
  );
  // SECURITY: any client could log in as a user with an empty password.
  if (!RandomPassword) throw new Error('Secrets Manager returned no password');
  return RandomPassword;
}

/** Stores the value of the pending version. */
export async function putPending(secretArn: string, versionId: string, value: UserAndPassword): Promise<void> {
  await secretsManager.send(
    new PutSecretValueCommand({
      SecretId: secretArn,
      ClientRequestToken: versionId,
      SecretString: secretText(value),
      VersionStages: ['AWSPENDING'],
    }),
  );
}

/** Makes a pending version the current one. Secrets Manager then moves the label AWSPREVIOUS to the replaced version. */
export async function makeCurrent(secretArn: string, versionId: string, replacedId: string | undefined): Promise<void> {
  await secretsManager.send(
    new UpdateSecretVersionStageCommand({
      SecretId: secretArn,
      VersionStage: 'AWSCURRENT',
      MoveToVersionId: versionId,
      RemoveFromVersionId: replacedId,
    }),
  );
}
