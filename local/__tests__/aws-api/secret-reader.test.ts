import { callAws } from '../../aws-api/call-aws';
import { secretReader } from '../../aws-api/secret-reader';
import { AWS_JSON } from '../../http/aws-call';
import { startOpenMoto, type OpenMoto } from '../support/open-moto';

jest.setTimeout(60_000);

const REGION = 'eu-west-1';

let moto: OpenMoto;

beforeAll(async () => {
  moto = await startOpenMoto();
});

afterAll(() => moto.stop());

async function secretsManager(action: string, input: object): Promise<any> {
  const headers = { 'Content-Type': AWS_JSON, 'X-Amz-Target': `secretsmanager.${action}` };
  const at = { url: moto.url, service: 'secretsmanager', region: REGION };
  return (await callAws(at, '/', { method: 'POST', headers, body: JSON.stringify(input) })).json();
}

describe('a reader of secrets', () => {
  it('returns the current version, from the region in the ARN', async () => {
    const { ARN: SecretId, VersionId: first } = await secretsManager('CreateSecret', {
      Name: 'timestamps',
      SecretString: 'first',
    });
    const read = secretReader(moto.url);
    expect(await read(SecretId)).toBe('first');

    const pending = { SecretId, SecretString: 'second', VersionStages: ['AWSPENDING'] };
    const { VersionId: second } = await secretsManager('PutSecretValue', pending);
    expect(await read(SecretId)).toBe('first');

    const moved = { SecretId, VersionStage: 'AWSCURRENT', MoveToVersionId: second, RemoveFromVersionId: first };
    await secretsManager('UpdateSecretVersionStage', moved);
    expect(await read(SecretId)).toBe('second');
  });

  it('fails if there is no such secret', async () => {
    const missing = `arn:aws:secretsmanager:${REGION}:123456789012:secret:missing-AbCdEf`;
    await expect(secretReader(moto.url)(missing)).rejects.toMatchObject({ type: 'ResourceNotFoundException' });
  });
});
