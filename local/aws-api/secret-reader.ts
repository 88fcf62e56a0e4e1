import { callAws } from './call-aws';
import { AWS_JSON } from '../http/aws-call';

/** Returns a function that reads a secret from the local AWS at `url`, in the region of the secret's ARN. */
export function secretReader(url: string): (secretArn: string) => Promise<string> {
  return async (secretArn) => {
    const region = secretArn.split(':')[3] ?? '';
    const response = await callAws({ url, service: 'secretsmanager', region }, '/', {
      method: 'POST',
      headers: { 'Content-Type': AWS_JSON, 'X-Amz-Target': 'secretsmanager.GetSecretValue' },
      // Without VersionStage, moto returns the secret's default version, which a rotation does not change.
      body: JSON.stringify({ SecretId: secretArn, VersionStage: 'AWSCURRENT' }),
    });
    return ((await response.json()) as { SecretString: string }).SecretString;
  };
}
