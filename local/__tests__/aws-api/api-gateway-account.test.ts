import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AwsApiServer } from '../../aws-api/server';
import { startMoto, type Moto } from '../../moto/moto';
import { makeStage } from '../moto/refusals/resources';
import { openAwsApi } from '../support/aws-api';
import { AwsClient } from '../support/aws-client';
import { trustPolicy } from '../support/functions';

jest.setTimeout(120_000);

const LOGGING_POLICY = 'arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs';

let folder: string;
let moto: Moto;
let awsApi: AwsApiServer;
let aws: AwsClient;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'account-'));
  moto = await startMoto(folder);
  awsApi = await openAwsApi({ upstream: moto.socket, folder });
  aws = new AwsClient(awsApi.url);
});

afterEach(async () => {
  await awsApi.stop();
  await moto.stop();
  rmSync(folder, { recursive: true });
});

const roleArn = (name: string): string => `arn:aws:iam::123456789012:role/${name}`;

/** Replaces values of a resource of API Gateway. */
const patch = (resource: string, values: Record<string, string>): Promise<any> =>
  aws.apiGateway(resource, 'PATCH', {
    patchOperations: Object.entries(values).map(([path, value]) => ({ op: 'replace', path, value })),
  });

const setAccountRole = (name: string): Promise<any> => patch('/account', { '/cloudwatchRoleArn': roleArn(name) });

async function createRole(RoleName: string, trustedService: string, { mayWriteLogs = true } = {}): Promise<void> {
  await aws.iam('CreateRole', { RoleName, AssumeRolePolicyDocument: trustPolicy(trustedService) });
  if (mayWriteLogs) await aws.iam('AttachRolePolicy', { RoleName, PolicyArn: LOGGING_POLICY });
}

/** Creates a stage, then enables its access log by a second request, as Terraform does. @returns the stage */
async function createLoggingStage(): Promise<any> {
  const { api, stage } = await makeStage(aws);
  return patch(`/restapis/${api}/stages/${stage}`, {
    '/accessLogSettings/format': '$context.requestId',
    '/accessLogSettings/destinationArn': 'arn:aws:logs:eu-central-1:123456789012:log-group:api',
  });
}

const LOGGING_STAGE = { accessLogSettings: { format: '$context.requestId' } };

describe('the account’s role for API Gateway’s logs', () => {
  it('must be set before a stage can have an access log', async () => {
    await expect(createLoggingStage()).rejects.toMatchObject({
      status: 400,
      type: 'BadRequestException',
      body: JSON.stringify({
        __type: 'BadRequestException',
        Message: 'CloudWatch Logs role ARN must be set in account settings to enable logging',
      }),
    });
    await createRole('logs', 'apigateway.amazonaws.com');
    await setAccountRole('logs');
    expect(await createLoggingStage()).toMatchObject(LOGGING_STAGE);
  });

  it.each([
    ['does not trust API Gateway', 'lambda.amazonaws.com', true],
    ['may not write logs', 'apigateway.amazonaws.com', false],
  ])('is rejected if it %s', async (_why, trustedService, mayWriteLogs) => {
    await createRole('logs', trustedService, { mayWriteLogs });
    await expect(setAccountRole('logs')).rejects.toMatchObject({
      status: 400,
      type: 'BadRequestException',
      body: expect.stringContaining('The role ARN does not have required permissions configured.') as string,
    });
  });

  it('is the role that was set last, even after that role is deleted', async () => {
    for (const name of ['dev', 'prod']) {
      await createRole(name, 'apigateway.amazonaws.com');
      expect((await setAccountRole(name)).cloudwatchRoleArn).toBe(roleArn(name));
    }
    await aws.iam('DetachRolePolicy', { RoleName: 'prod', PolicyArn: LOGGING_POLICY });
    await aws.iam('DeleteRole', { RoleName: 'prod' });
    expect((await aws.apiGateway('/account')).cloudwatchRoleArn).toBe(roleArn('prod'));
    expect(await createLoggingStage()).toMatchObject(LOGGING_STAGE);
  });
});
