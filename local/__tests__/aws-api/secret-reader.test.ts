import { secretReader } from '../../aws-api/secret-reader';
import { AwsClient } from '../support/aws-client';
import { startMotoOnPort, type MotoOnPort } from '../support/moto-on-port';

jest.setTimeout(60_000);

/** Differs from the usual region of the tests: a reader that ignores the region in the ARN finds no secret. */
const REGION = 'eu-west-1';

let moto: MotoOnPort;

beforeAll(async () => {
  moto = await startMotoOnPort();
});

afterAll(() => moto.stop());

describe('a reader of secrets', () => {
  it('returns the current version, from the region in the ARN', async () => {
    const aws = new AwsClient(moto.url, REGION);
    const secret = { Name: 'timestamps', SecretString: 'first' };
    const { ARN: SecretId, VersionId: first } = await aws.json('secretsmanager', 'CreateSecret', secret);
    const read = secretReader(moto.url);
    expect(await read(SecretId)).toBe('first');

    const pending = { SecretId, SecretString: 'second', VersionStages: ['AWSPENDING'] };
    const { VersionId: second } = await aws.json('secretsmanager', 'PutSecretValue', pending);
    expect(await read(SecretId)).toBe('first');

    const promotion = { SecretId, VersionStage: 'AWSCURRENT', MoveToVersionId: second, RemoveFromVersionId: first };
    await aws.json('secretsmanager', 'UpdateSecretVersionStage', promotion);
    expect(await read(SecretId)).toBe('second');
  });

  it('fails if there is no such secret', async () => {
    const missing = `arn:aws:secretsmanager:${REGION}:123456789012:secret:missing-AbCdEf`;
    await expect(secretReader(moto.url)(missing)).rejects.toMatchObject({ type: 'ResourceNotFoundException' });
  });
});
