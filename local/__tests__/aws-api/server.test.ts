import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { callAws } from '../../aws-api/call-aws';
import type { AwsApiServer } from '../../aws-api/server';
import { startMoto, type Moto } from '../../moto/moto';
import { openAwsApi } from '../support/aws-api';
import { call, type HttpRequest, type HttpResponse } from '../support/http-client';
import { lambdaFunction, ROLE, trustPolicy, writeZip, type Zip } from '../support/functions';
import { appliedOf, functionArn } from '../support/http-state';
import { AWS_JSON } from '../../http/aws-call';

jest.setTimeout(120_000);

/** Code of a function that sends the request in its event, signed with its own credentials, and returns the answer. */
const SOURCE = `
  exports.handler = async ({ service = 'secretsmanager', headers = {}, body, timeoutMs = 5000 }) => {
    const credential = process.env.AWS_ACCESS_KEY_ID + '/20260101/eu-central-1/' + service + '/aws4_request';
    const authorization = 'AWS4-HMAC-SHA256 Credential=' + credential + ', SignedHeaders=host, Signature=none';
    const request = { method: 'POST', headers: { ...headers, authorization }, body, signal: AbortSignal.timeout(timeoutMs) };
    const answer = await fetch(process.env.AWS_ENDPOINT_URL, request);
    console.log('it was answered');
    return { status: answer.status, body: await answer.text(), key: process.env.AWS_ACCESS_KEY_ID };
  };
`;

let folder: string;
let moto: Moto;
let awsApi: AwsApiServer;
let zip: Zip;
let unreachable: string | undefined;
let resources: Record<string, object[]>;
const secrets: Record<string, string> = {};
const lines: string[] = [];

const aws = (service: string) => ({ url: awsApi.url, service, region: 'eu-central-1' });

async function createSecret(name: string): Promise<string> {
  const headers = { 'X-Amz-Target': 'secretsmanager.CreateSecret', 'Content-Type': AWS_JSON };
  const body = JSON.stringify({ Name: name, SecretString: `value of ${name}` });
  const response = await callAws(aws('secretsmanager'), '/', { method: 'POST', headers, body });
  return ((await response.json()) as { ARN: string }).ARN;
}

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
    log: (line) => lines.push(line),
  });
  const role = { RoleName: 'service', AssumeRolePolicyDocument: '{}' };
  const createRole = new URLSearchParams({ Action: 'CreateRole', Version: '2010-05-08', ...role });
  await callAws(aws('iam'), '/', { method: 'POST', body: createRole });
  const code = { Runtime: 'nodejs22.x', Handler: 'index.handler', Code: { ZipFile: zip.bytes.toString('base64') } };
  const body = JSON.stringify({ FunctionName: 'function', Role: ROLE, ...code });
  await callAws(aws('lambda'), '/2015-03-31/functions', { method: 'POST', body });
  for (const name of ['own', 'other', 'rds!db-master']) secrets[name] = await createSecret(name);
});

beforeEach(() => {
  unreachable = undefined;
  lines.length = 0;
  resources = {
    aws_lambda_function: [lambdaFunction('function', zip.hash)],
    aws_iam_role: [{ arn: ROLE, name: 'service', assume_role_policy: trustPolicy('lambda.amazonaws.com') }],
    aws_iam_role_policy: [policy('secretsmanager:GetSecretValue', [secrets['own'], secrets['rds!db-master']])],
    aws_secretsmanager_secret: [
      { arn: secrets['own'], name: 'own' },
      { arn: secrets['other'], name: 'other' },
    ],
    aws_db_instance: [{ master_user_secret: [{ secret_arn: secrets['rds!db-master'] }] }],
  };
});

afterAll(async () => {
  await awsApi.stop();
  await moto.stop();
  rmSync(folder, { recursive: true });
});

function policy(Action: string, Resource: unknown): object {
  const statement = { Effect: 'Allow', Action, Resource };
  return { name: 'Read', role: 'service', policy: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }) };
}

const invoke = async (event: object): Promise<any> => {
  const { payload } = await awsApi.invoke(functionArn('function'), event);
  return JSON.parse(payload);
};

const secretRequest = (SecretId: string | undefined) => ({
  headers: { 'X-Amz-Target': 'secretsmanager.GetSecretValue', 'Content-Type': AWS_JSON },
  body: JSON.stringify({ SecretId }),
});

const readSecret = (secretId: string | undefined): Promise<any> => invoke(secretRequest(secretId));

describe('Invoke', () => {
  const call = (name: string, body: string): Promise<Response> =>
    callAws(aws('lambda'), `/2015-03-31/functions/${name}/invocations`, {
      method: 'POST',
      headers: { 'X-Amz-Log-Type': 'Tail' },
      body,
    });
  const identity = { service: 'sts', body: 'Action=GetCallerIdentity&Version=2011-06-15' };
  const form = { 'Content-Type': 'application/x-www-form-urlencoded' };

  it('runs the uploaded zip and returns the end of its log', async () => {
    const response = await call('function', JSON.stringify({ ...identity, headers: form }));
    expect(response.headers.get('x-amz-executed-version')).toBe('$LATEST');
    expect(response.headers.get('x-amz-function-error')).toBeNull();
    const log = Buffer.from(response.headers.get('x-amz-log-result') ?? '', 'base64').toString('utf8');
    expect(log).toMatch(/^START .*\nit was answered\nEND .*\nREPORT /);
    expect(await response.json()).toMatchObject({
      status: 200,
      body: expect.stringContaining('assumed-role/service/function'),
    });
  });

  it('names the remedy for code that was not uploaded here', async () => {
    resources['aws_lambda_function'] = [lambdaFunction('function', Buffer.from('elsewhere').toString('base64'))];
    await expect(call('function', '{}')).rejects.toThrow(
      /No zip with CodeSha256 \S+ was uploaded here\. Apply through/,
    );
  });
});

describe('a role', () => {
  const trustOf = (account: string): string =>
    trustPolicy('lambda.amazonaws.com', { StringEquals: { 'aws:SourceAccount': account } });

  it('that trusts Lambda for its own account runs a function', async () => {
    resources['aws_iam_role'] = [{ arn: ROLE, name: 'service', assume_role_policy: trustOf('123456789012') }];
    expect(await readSecret(secrets['own'])).toMatchObject({ status: 200 });
  });

  it.each([
    ['does not trust Lambda', trustPolicy('rds.amazonaws.com')],
    ['trusts Lambda for another account', trustOf('210987654321')],
  ])('that %s runs no function', async (_why, assume_role_policy) => {
    resources['aws_iam_role'] = [{ arn: ROLE, name: 'service', assume_role_policy }];
    await expect(invoke({})).rejects.toMatchObject({
      status: 403,
      name: 'AccessDeniedException',
      message: 'The role defined for the function cannot be assumed by Lambda.',
    });
  });

  it('with a policy that cannot be evaluated runs no function', async () => {
    const statement = { Effect: 'Deny', NotAction: 'secretsmanager:*', Resource: '*' };
    resources['aws_iam_role_policy'] = [
      { name: 'Bound', role: 'service', policy: JSON.stringify({ Statement: statement }) },
    ];
    await expect(invoke({})).rejects.toThrow(/The identity-based policy Bound cannot be evaluated here: .*NotAction/);
  });
});

describe('a call of a function to Secrets Manager', () => {
  it.each(['own', 'rds!db-master'])('returns the secret %s that its role allows, by ARN and by name', async (name) => {
    for (const secretId of [secrets[name], name]) {
      const { status, body } = await readSecret(secretId);
      expect({ status, value: JSON.parse(body).SecretString }).toEqual({ status: 200, value: `value of ${name}` });
    }
  });

  it('is refused for any other secret, with IAM’s message', async () => {
    const action = 'secretsmanager:GetSecretValue';
    expect(await readSecret(secrets['other'])).toMatchObject({
      status: 400,
      body: JSON.stringify({
        __type: 'AccessDeniedException',
        Message:
          `User: arn:aws:sts::123456789012:assumed-role/service/function is not authorized to perform: ${action} ` +
          `on resource: ${String(secrets['other'])} because no identity-based policy allows the ${action} action`,
      }),
    });
  });

  it('gets no answer if the network does not allow it', async () => {
    unreachable = 'has no way out';
    const response = await invoke({ ...secretRequest(secrets['own']), timeoutMs: 2_000 });
    expect(response).toMatchObject({ errorType: 'TimeoutError' });
    expect(lines).toEqual([
      expect.stringMatching(/^function cannot reach Secrets Manager: 127\.0\.2\.\d+ has no way out$/),
    ]);
  });
});

describe('a call of a function to another service', () => {
  const request = { service: 'logs', headers: { 'X-Amz-Target': 'Logs_20140328.DescribeLogGroups' }, body: '{}' };

  it('succeeds if its role allows it', async () => {
    resources['aws_iam_role_policy'] = [policy('logs:DescribeLogGroups', '*')];
    expect(await invoke(request)).toMatchObject({ status: 200 });
  });
});

describe('the control plane', () => {
  const signed = {
    authorization:
      'AWS4-HMAC-SHA256 Credential=local/20260101/eu-central-1/sts/aws4_request, SignedHeaders=host, Signature=none',
  };
  const port = () => Number(new URL(awsApi.url).port);
  const request = (change: Partial<HttpRequest> = {}): Promise<HttpResponse> => {
    const path = '/?Action=GetCallerIdentity&Version=2011-06-15';
    const host = `127.0.0.1:${port()}`;
    return call({ port: port(), host, path, headers: signed, ...change });
  };

  it('answers at both names of this machine, without CORS headers', async () => {
    const answers = [await request(), await request({ host: `localhost:${port()}` })];
    expect(answers).toMatchObject([{ status: 200 }, { status: 200 }]);
    for (const { headers } of answers) expect(Object.keys(headers).join()).not.toContain('access-control');
  });

  it.each<[what: string, change: Partial<HttpRequest>, type: string]>([
    [
      'by a page with a preflight request',
      { method: 'OPTIONS', headers: { ...signed, origin: 'null' } },
      'AccessDeniedException',
    ],
    ['for moto itself', { method: 'POST', path: '/moto-api/reset' }, 'UnknownOperationException'],
    ['for moto with an absolute URL', { method: 'POST', path: 'http://moto-api/reset' }, 'UnknownOperationException'],
  ])('refuses to be called %s', async (_how, change, type) => {
    const { status, headers, json } = await request(change);
    expect(status).toBe(type === 'UnknownOperationException' ? 404 : 403);
    expect(json()).toMatchObject({ __type: type });
    expect(Object.keys(headers).join()).not.toContain('access-control');
    expect((await readSecret('own')).status).toBe(200);
  });

  it('rejects a folder whose path is too long for a socket', async () => {
    await expect(startMoto(`/tmp/${'x'.repeat(100)}`)).rejects.toThrow(
      /^\/tmp\/x+\/moto has 110 bytes, and .* at most 103 bytes\. Use a folder with a shorter path\.$/,
    );
  });

  it('keeps moto behind a socket that other users cannot open', () => {
    expect(statSync(moto.socket).isSocket()).toBe(true);
    expect(statSync(dirname(moto.socket)).mode & 0o077).toBe(0);
  });
});

describe('credentials', () => {
  it('of a function are known, and are the same for all of its containers', async () => {
    const [{ key }, { key: another }] = await Promise.all([readSecret('own'), readSecret('own')]);
    expect(another).toBe(key);
    expect(awsApi.credentialsOf(key)).toMatchObject({
      accessKeyId: key,
      roleArn: ROLE,
      session: 'function',
      secretAccessKey: expect.stringMatching(/^\S{20,}$/),
      sessionToken: expect.stringMatching(/^\S{20,}$/),
    });
  });

  it('of a person who assumes a role are known, too', async () => {
    const asked = { RoleArn: ROLE, RoleSessionName: 'ann' };
    const body = new URLSearchParams({ Action: 'AssumeRole', Version: '2011-06-15', ...asked });
    const response = await (await callAws(aws('sts'), '/', { method: 'POST', body })).text();
    const accessKeyId = /<AccessKeyId>(\w+)</.exec(response)?.[1] ?? '';
    expect(awsApi.credentialsOf(accessKeyId)).toMatchObject({ roleArn: ROLE, session: 'ann' });
    expect(awsApi.credentialsOf('AKIAGUESSED')).toBeUndefined();
  });
});
