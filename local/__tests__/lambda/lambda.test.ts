import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Lambda, type LambdaOptions } from '../../lambda/lambda';
import type { VpcConfig } from '../../network/resources';
import { lambdaFunction, ROLE, writeZip } from '../support/functions';
import { appliedOf, functionArn } from '../support/http-state';

jest.setTimeout(60_000);

const VPC: VpcConfig = { subnet_ids: ['subnet-1'], security_group_ids: ['sg-1'] };

/** Answers with a random id of its container and some variables, after the wait that the event asks for. */
const SOURCE = `
  const containerId = Math.random();
  exports.handler = async ({ waitMs = 0 }) => {
    await new Promise((done) => setTimeout(done, waitMs));
    return { containerId, accessKeyId: process.env.AWS_ACCESS_KEY_ID, endpoint: process.env.AWS_ENDPOINT_URL, own: process.env.OWN };
  };
`;

let folder: string;
let lambda: Lambda;
let functions: object[];
let layers: object[];
/** VPC of each network attachment in use, by its address. */
const attached = new Map<string, VpcConfig | undefined>();

const open = (change: Partial<LambdaOptions> = {}): Lambda =>
  new Lambda({
    folder: join(folder, 'containers'),
    logFolder: join(folder, 'logs'),
    endpoint: 'http://127.0.0.1:1',
    trust: (bundle) => bundle,
    applied: () => Promise.resolve(appliedOf({ aws_lambda_function: functions, aws_lambda_layer_version: layers })),
    zipPath: (hash) => join(folder, 'zips', `${Buffer.from(hash, 'base64').toString('hex')}.zip`),
    credentials: (roleArn) => Promise.resolve({ AWS_ACCESS_KEY_ID: `key of ${roleArn}` }),
    attach: (vpc) => {
      const address = `127.0.2.${attached.size + 1}`;
      attached.set(address, vpc);
      return { address, hosts: {}, release: () => attached.delete(address) };
    },
    ...change,
  });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lambda-'));
  layers = [];
  functions = [lambdaFunction('function', upload(SOURCE))];
  lambda = open();
});

afterEach(async () => {
  await lambda.stop();
  rmSync(folder, { recursive: true });
});

/** Writes the zip of a source. @returns its hash */
const upload = (source: string): string => writeZip(join(folder, 'zips'), source).hash;

const call = async (name = functionArn('function'), event: unknown = {}): Promise<any> =>
  JSON.parse((await lambda.invoke(name, event)).payload);

/** Changes attributes of all functions, as an apply does. */
const changeFunctions = (values: object): void =>
  void (functions = functions.map((applied) => ({ ...applied, ...values })));

describe('an applied function', () => {
  it('runs with its environment and the credentials of its role', async () => {
    changeFunctions({ environment: [{ variables: { OWN: 'set' } }] });
    expect(await call()).toMatchObject({ own: 'set', accessKeyId: `key of ${ROLE}`, endpoint: 'http://127.0.0.1:1' });
  });

  it('accepts an event of 6,291,456 bytes, and none larger', async () => {
    const event = (bytes: number) => ({ text: 'x'.repeat(bytes - '{"text":""}'.length) });
    expect(await call('function', event(6_291_456))).toHaveProperty('containerId');
    await expect(call('function', event(6_291_457))).rejects.toMatchObject({
      name: 'RequestTooLargeException',
      status: 413,
    });
  });

  it('runs in its warm container until an apply changes the function', async () => {
    const { containerId } = await call();
    expect((await call()).containerId).toBe(containerId);
    changeFunctions({ memory_size: 256 });
    expect((await call()).containerId).not.toBe(containerId);
  });

  it('gets a new container when a proxy is added, because the previous container cannot resolve the proxy’s name', async () => {
    const proxies: object[] = [];
    lambda = open({
      applied: () => Promise.resolve(appliedOf({ aws_lambda_function: functions, aws_db_proxy: proxies })),
    });
    const first = await call();
    expect((await call()).containerId).toBe(first.containerId);
    proxies.push({ endpoint: 'iam.proxy-c0ffee.eu-central-1.rds.amazonaws.com' });
    expect((await call()).containerId).not.toBe(first.containerId);
  });

  it('gets a new container when its role’s credentials are renewed', async () => {
    let renewals = 0;
    lambda = open({ credentials: () => Promise.resolve({ AWS_ACCESS_KEY_ID: `key ${renewals}` }) });
    const { containerId } = await call();
    renewals += 1;
    const { containerId: newId, accessKeyId } = await call();
    expect(newId).not.toBe(containerId);
    expect(accessKeyId).toBe('key 1');
  });

  it('writes its log to a file', async () => {
    await call();
    await lambda.stop();
    expect(readFileSync(join(folder, 'logs', 'function.log'), 'utf8')).toMatch(/^START .*\nEND .*\nREPORT .*\n$/);
  });

  it('is attached to the network while its container runs', async () => {
    changeFunctions({ vpc_config: [VPC] });
    await call();
    expect([...attached]).toEqual([['127.0.2.1', VPC]]);
    expect(lambda.callerAt('127.0.2.1')).toMatchObject({ caller: { function_name: 'function' } });
    await lambda.stop();
    expect([...attached]).toEqual([]);
    expect(lambda.callerAt('127.0.2.1')).toBeUndefined();
  });

  it('ends when Lambda stops, even while it handles an event', async () => {
    const response = call(undefined, { waitMs: 60_000 });
    while (!existsSync(join(folder, 'logs', 'function.log'))) await sleep(20);
    await lambda.stop();
    expect(await response).toMatchObject({ errorType: 'Runtime.ExitError' });
    expect([...attached]).toEqual([]);
  });

  it('does not run if Lambda stops while its container starts', async () => {
    const response = call(undefined, { waitMs: 60_000 }).catch((error: unknown) => error);
    while (attached.size === 0) await sleep(1);
    await lambda.stop();
    expect(await response).toEqual(new Error('Lambda is stopping, so it runs no function.'));
    expect([...attached]).toEqual([]);
  });

  it('gets the later layer’s copy of a file that two layers contain', async () => {
    const source = 'exports.handler = async () => require(process.env.LAYER);';
    layers = ['first', 'second'].map((arn) => ({ arn, code_sha256: upload(`module.exports = '${arn}';`) }));
    functions = [
      lambdaFunction('function', upload(source), {
        layers: ['first', 'second'],
        environment: [{ variables: { LAYER: '/opt/index.js' } }],
      }),
    ];
    expect(await call()).toBe('second');
  });
});

describe('simultaneous events', () => {
  /** Calls the function several times at once. @returns the answers, or the names of the errors */
  const callAtOnce = (count: number): Promise<any[]> =>
    Promise.all(
      Array.from({ length: count }, () =>
        call('function', { waitMs: 300 }).catch((error: unknown) => (error as Error).name),
      ),
    );

  it('each get a container of their own', async () => {
    const answers = await callAtOnce(3);
    expect(new Set(answers.map(({ containerId }) => containerId)).size).toBe(3);
  });

  it('are limited by the function’s reserved concurrency', async () => {
    changeFunctions({ reserved_concurrent_executions: 1 });
    const answered = expect.objectContaining({ containerId: expect.anything() });
    expect(await callAtOnce(3)).toEqual([answered, 'TooManyRequestsException', 'TooManyRequestsException']);
    expect(await callAtOnce(1)).toEqual([answered]);
  });
});
