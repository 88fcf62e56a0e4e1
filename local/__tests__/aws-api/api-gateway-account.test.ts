import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callAws, GLOBAL_REGION } from '../../aws-api/call-aws';
import type { AwsApiServer } from '../../aws-api/server';
import { startMoto, type Moto } from '../../moto/moto';
import { openAwsApi } from '../support/aws-api';
import { trustPolicy } from '../support/functions';

jest.setTimeout(120_000);

let folder: string;
let moto: Moto;
let awsApi: AwsApiServer;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'account-'));
  moto = await startMoto(folder);
  awsApi = await openAwsApi({ upstream: moto.socket, folder });
});

afterEach(async () => {
  await awsApi.stop();
  await moto.stop();
  rmSync(folder, { recursive: true });
});

const roleArn = (name: string): string => `arn:aws:iam::123456789012:role/${name}`;

async function iam(Action: string, parameters: Record<string, string>): Promise<void> {
  const body = new URLSearchParams({ Action, Version: '2010-05-08', ...parameters });
  await callAws({ url: awsApi.url, service: 'iam', region: GLOBAL_REGION }, '/', { method: 'POST', body });
}

async function apiGateway(method: string, path: string, content?: object): Promise<any> {
  const authorization = 'AWS4-HMAC-SHA256 Credential=local/20260101/eu-central-1/apigateway/aws4_request';
  const body = content && JSON.stringify(content);
  const response = await fetch(awsApi.url + path, { method, headers: { authorization }, ...(body && { body }) });
  return {
    ...((await response.json()) as object),
    status: response.status,
    type: response.headers.get('x-amzn-errortype'),
  };
}

const patch = (path: string, changes: Record<string, string>): Promise<any> =>
  apiGateway('PATCH', path, {
    patchOperations: Object.entries(changes).map(([of, value]) => ({ op: 'replace', path: of, value })),
  });

const setAccountRole = (name: string): Promise<any> => patch('/account', { '/cloudwatchRoleArn': roleArn(name) });

async function createRole(RoleName: string, trusted: string, isAttached: boolean): Promise<void> {
  await iam('CreateRole', { RoleName, AssumeRolePolicyDocument: trustPolicy(trusted) });
  const PolicyArn = 'arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs';
  if (isAttached) await iam('AttachRolePolicy', { RoleName, PolicyArn });
}

/** Creates a stage and enables its access log, as Terraform does. */
async function createLoggingStage(): Promise<any> {
  const { id } = await apiGateway('POST', '/restapis', { name: 'api' });
  const { id: deploymentId } = await apiGateway('POST', `/restapis/${id}/deployments`, {});
  await apiGateway('POST', `/restapis/${id}/stages`, { stageName: 'live', deploymentId });
  return patch(`/restapis/${id}/stages/live`, {
    '/accessLogSettings/format': '$context.requestId',
    '/accessLogSettings/destinationArn': 'arn:aws:logs:eu-central-1:123456789012:log-group:api',
  });
}

describe('the account’s role for API Gateway’s logs', () => {
  it('must be set before a stage can have an access log', async () => {
    const refused = {
      status: 400,
      type: 'BadRequestException',
      Message: 'CloudWatch Logs role ARN must be set in account settings to enable logging',
    };
    expect(await createLoggingStage()).toMatchObject(refused);
    await createRole('logs', 'apigateway.amazonaws.com', true);
    expect((await setAccountRole('logs')).status).toBe(200);
    expect((await createLoggingStage()).status).toBe(200);
  });

  it.each([
    ['does not trust API Gateway', 'lambda.amazonaws.com', true],
    ['may not write logs', 'apigateway.amazonaws.com', false],
  ])('is rejected if it %s', async (_why, trusted, isAttached) => {
    await createRole('logs', trusted, isAttached);
    expect(await setAccountRole('logs')).toMatchObject({
      status: 400,
      type: 'BadRequestException',
      Message: expect.stringContaining('The role ARN does not have required permissions configured.') as string,
    });
  });

  it('is the one set last, and stays set after its deletion, so two stacks that set it conflict', async () => {
    for (const name of ['dev', 'prod']) {
      await createRole(name, 'apigateway.amazonaws.com', true);
      expect((await setAccountRole(name)).cloudwatchRoleArn).toBe(roleArn(name));
    }
    await iam('DetachRolePolicy', {
      RoleName: 'prod',
      PolicyArn: 'arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs',
    });
    await iam('DeleteRole', { RoleName: 'prod' });
    expect((await apiGateway('GET', '/account')).cloudwatchRoleArn).toBe(roleArn('prod'));
    expect((await createLoggingStage()).status).toBe(200);
  });
});
