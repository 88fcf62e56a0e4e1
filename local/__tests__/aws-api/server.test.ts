import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateFunctionCommand, InvokeCommand } from '@aws-sdk/client-lambda';
import type { AwsApiServer } from '../../aws-api/server';
import { AWS_JSON } from '../../http/aws-call';
import { startMoto, type Moto } from '../../moto/moto';
import { policy } from '../support/applied';
import { openAwsApi } from '../support/aws-api';
import { AwsClient } from '../support/aws-client';
import { signedFor } from '../support/aws-requests';
import { call, type HttpRequest, type HttpResponse } from '../support/http-client';
import { lambdaFunction, ROLE, trustPolicy, writeZip, type Zip } from '../support/functions';
import { appliedOf, functionArn } from '../support/http-state';

jest.setTimeout(120_000);

/**
 * Code of a function. Its event describes a request to the control plane. Returns the answer, and the access key id that signed the
 * request.
 */
const SOURCE = `
  exports.handler = async ({ service = 'secretsmanager', headers = {}, body, timeoutMs = 5000 }) => {
    const credential = process.env.AWS_ACCESS_KEY_ID + '/20260101/eu-central-1/' + service + '/aws4_request';
    const authorization = 'AWS4-HMAC-SHA256 Credential=' + credential + ', SignedHeaders=host, Signature=none';
    const request = { method: 'POST', headers: { ...headers, authorization }, body, signal: AbortSignal.timeout(timeoutMs) };
    const answer = await fetch(process.env.AWS_ENDPOINT_URL, request);
    console.log('the request was answered');
    return { status: answer.status, body: await answer.text(), key: process.env.AWS_ACCESS_KEY_ID };
  };
`;

let folder: string;
let moto: Moto;
let awsApi: AwsApiServer;
let zip: Zip;
let aws: AwsClient;
/** Why no container can reach Secrets Manager; `undefined` if all can. */
let unreachable: string | undefined;
/** The applied resources. */
let resources: Record<string, object[]>;
/** ARNs of the secrets, by name. */
const secrets = {} as Record<'own' | 'other' | 'rds!db-master', string>;
const logged: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'aws-api-'));
  moto = await startMoto(folder);
  zip = writeZip(folder, SOURCE);
  let attachments = 0;
  awsApi = await openAwsApi({
    upstream: moto.socket,
    folder,
    applied: () => Promise.resolve(appliedOf(resources)),
    attach: () => ({ address: `127.0.2.${++attachments}`, hosts: {}, release: () => undefined }),
    judgeSecretsManager: (address) => unreachable && `${address} ${unreachable}`,
    log: (line) => logged.push(line),
  });
  aws = new AwsClient(awsApi.url);
  await aws.iam('CreateRole', { RoleName: 'service', AssumeRolePolicyDocument: '{}' });
  const code = { Runtime: 'nodejs22.x', Handler: 'index.handler', Code: { ZipFile: zip.bytes } } as const;
  await aws.lambda.send(new CreateFunctionCommand({ FunctionName: 'function', Role: ROLE, ...code }));
  for (const Name of ['own', 'other', 'rds!db-master'] as const) {
    const secret = { Name, SecretString: `value of ${Name}` };
    secrets[Name] = (await aws.json('secretsmanager', 'CreateSecret', secret)).ARN;
  }
});

beforeEach(() => {
  unreachable = undefined;
  logged.length = 0;
  resources = {
    aws_lambda_function: [lambdaFunction('function', zip.hash)],
    aws_iam_role: [{ arn: ROLE, name: 'service', assume_role_policy: trustPolicy('lambda.amazonaws.com') }],
    aws_iam_role_policy: [
      {
        name: 'Read',
        role: 'service',
        policy: policy(['secretsmanager:GetSecretValue', secrets.own, secrets['rds!db-master']]),
      },
    ],
    aws_secretsmanager_secret: [
      { arn: secrets.own, name: 'own' },
      { arn: secrets.other, name: 'other' },
    ],
    aws_db_instance: [{ master_user_secret: [{ secret_arn: secrets['rds!db-master'] }] }],
  };
});

afterAll(async () => {
  await awsApi.stop();
  await moto.stop();
  rmSync(folder, { recursive: true });
});

const invoke = async (event: object): Promise<any> => {
  const { payload } = await awsApi.lambda.invoke(functionArn('function'), event);
  return JSON.parse(payload);
};

/** Makes an event that causes the function to read a secret. */
const readSecretEvent = (SecretId: string) => ({
  headers: { 'X-Amz-Target': 'secretsmanager.GetSecretValue', 'Content-Type': AWS_JSON },
  body: JSON.stringify({ SecretId }),
});

const readSecret = (secretId: string): Promise<any> => invoke(readSecretEvent(secretId));

describe('Invoke', () => {
  it('runs the uploaded zip, and returns its result and log', async () => {
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const event = { service: 'sts', headers, body: 'Action=GetCallerIdentity&Version=2011-06-15' };
    const command = { FunctionName: 'function', LogType: 'Tail', Payload: JSON.stringify(event) } as const;
    const {
      ExecutedVersion,
      FunctionError,
      LogResult = '',
      Payload,
    } = await aws.lambda.send(new InvokeCommand(command));
    expect([ExecutedVersion, FunctionError]).toEqual(['$LATEST', undefined]);
    const log = Buffer.from(LogResult, 'base64').toString('utf8');
    expect(log).toMatch(/^START .*\nthe request was answered\nEND .*\nREPORT /);
    expect(JSON.parse(Payload?.transformToString() ?? '')).toMatchObject({
      status: 200,
      body: expect.stringContaining('assumed-role/service/function'),
    });
  });
});

describe('a function', () => {
  it.each([
    ['does not trust Lambda', trustPolicy('rds.amazonaws.com')],
    [
      'requires aws:SourceAccount, which Lambda may omit',
      trustPolicy('lambda.amazonaws.com', { StringEquals: { 'aws:SourceAccount': '123456789012' } }),
    ],
  ])('does not run if its role %s', async (_why, assume_role_policy) => {
    resources['aws_iam_role'] = [{ arn: ROLE, name: 'service', assume_role_policy }];
    await expect(invoke({})).rejects.toMatchObject({
      status: 403,
      name: 'AccessDeniedException',
      message: 'The role defined for the function cannot be assumed by Lambda.',
    });
  });

  it('does not run if a policy of its role cannot be evaluated', async () => {
    const statement = { Effect: 'Deny', NotAction: 'secretsmanager:*', Resource: '*' };
    resources['aws_iam_role_policy'] = [
      { name: 'Bound', role: 'service', policy: JSON.stringify({ Statement: statement }) },
    ];
    await expect(invoke({})).rejects.toThrow(/The identity-based policy Bound cannot be evaluated here: .*NotAction/);
  });
});

describe('a function’s call to Secrets Manager', () => {
  it.each(['own', 'rds!db-master'] as const)('returns the allowed secret %s, by ARN and by name', async (name) => {
    for (const secretId of [secrets[name], name]) {
      const { status, body } = await readSecret(secretId);
      expect({ status, value: JSON.parse(body).SecretString }).toEqual({ status: 200, value: `value of ${name}` });
    }
  });

  it('is refused for a secret that the function’s role does not allow, with IAM’s message', async () => {
    const action = 'secretsmanager:GetSecretValue';
    expect(await readSecret(secrets.other)).toMatchObject({
      status: 400,
      body: JSON.stringify({
        __type: 'AccessDeniedException',
        Message:
          `User: arn:aws:sts::123456789012:assumed-role/service/function is not authorized to perform: ${action} ` +
          `on resource: ${secrets.other} because no identity-based policy allows the ${action} action`,
      }),
    });
  });

  it('gets no answer if the network does not allow it', async () => {
    unreachable = 'has no way out';
    const response = await invoke({ ...readSecretEvent(secrets.own), timeoutMs: 2_000 });
    expect(response).toMatchObject({ errorType: 'TimeoutError' });
    expect(logged).toEqual([
      expect.stringMatching(/^function cannot reach Secrets Manager: 127\.0\.2\.\d+ has no way out$/),
    ]);
  });
});

describe('the control plane', () => {
  const signed = signedFor('sts');
  const port = () => Number(new URL(awsApi.url).port);
  const request = (change: Partial<HttpRequest> = {}): Promise<HttpResponse> => {
    const path = '/?Action=GetCallerIdentity&Version=2011-06-15';
    const host = `127.0.0.1:${port()}`;
    return call({ port: port(), host, path, headers: signed, ...change });
  };

  it('answers requests to 127.0.0.1 and to localhost, without CORS headers', async () => {
    const answers = [await request(), await request({ host: `localhost:${port()}` })];
    expect(answers).toMatchObject([{ status: 200 }, { status: 200 }]);
    for (const { headers } of answers) expect(Object.keys(headers).join()).not.toContain('access-control');
  });

  it.each<[what: string, change: Partial<HttpRequest>, status: number, type: string]>([
    [
      'the preflight request of a web page',
      { method: 'OPTIONS', headers: { ...signed, origin: 'null' } },
      403,
      'AccessDeniedException',
    ],
    [
      'a request to moto’s own API by an absolute URL',
      { method: 'POST', path: 'http://moto-api/reset' },
      404,
      'UnknownOperationException',
    ],
  ])('refuses %s, and moto keeps its state', async (_what, change, status, type) => {
    const response = await request(change);
    expect(response.status).toBe(status);
    expect(response.json()).toMatchObject({ __type: type });
    expect(Object.keys(response.headers).join()).not.toContain('access-control');
    expect((await readSecret('own')).status).toBe(200);
  });
});

describe('issued credentials', () => {
  it('of a function can be looked up, and are the same for all of its containers', async () => {
    const [{ key }, { key: otherKey }] = await Promise.all([readSecret('own'), readSecret('own')]);
    expect(otherKey).toBe(key);
    expect(awsApi.issued.of(key)).toMatchObject({
      accessKeyId: key,
      roleArn: ROLE,
      session: 'function',
      secretAccessKey: expect.stringMatching(/^\S{20,}$/),
      sessionToken: expect.stringMatching(/^\S{20,}$/),
    });
  });

  it('from AssumeRole can be looked up, unlike an access key id that was not issued', async () => {
    const response = await aws.sts('AssumeRole', { RoleArn: ROLE, RoleSessionName: 'ann' });
    const accessKeyId = /<AccessKeyId>(\w+)</.exec(response)?.[1] ?? '';
    expect(awsApi.issued.of(accessKeyId)).toMatchObject({ roleArn: ROLE, session: 'ann' });
    expect(awsApi.issued.of('AKIAGUESSED')).toBeUndefined();
  });
});
