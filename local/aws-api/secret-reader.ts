import { callAws } from './call-aws';
import { AWS_JSON } from '../http/aws-call';

/** Returns a function that reads secrets of the local AWS at a URL, in the region of their ARN. */
export function secretReader(url: string): (secretArn: string) => Promise<string> {
  return async (secretArn) => {
    const region = secretArn.split(':')[3] ?? '';
    const response = await callAws({ url, service: 'secretsmanager', region }, '/', {
      method: 'POST',
      headers: { 'Content-Type': AWS_JSON, 'X-Amz-Target': 'secretsmanager.GetSecretValue' },
      // Without a stage, moto returns its default version, which does not change with a rotation.
      body: JSON.stringify({ SecretId: secretArn, VersionStage: 'AWSCURRENT' }),
    });
    return ((await response.json()) as { SecretString: string }).SecretString;
  };
}
