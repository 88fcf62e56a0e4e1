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

/** Answers with its process's number, and waits if the event says so. */
const SOURCE = `
  const number = Math.random();
  exports.handler = async ({ waitMs = 0 }) => {
    await new Promise((done) => setTimeout(done, waitMs));
    return { number, role: process.env.AWS_ACCESS_KEY_ID, endpoint: process.env.AWS_ENDPOINT_URL, own: process.env.OWN };
  };
`;

let folder: string;
let lambda: Lambda;
let functions: object[];
let layers: object[];
/** VPC of each attachment in use. */
const taken = new Map<string, VpcConfig | undefined>();

const open = (change: Partial<LambdaOptions> = {}): Lambda =>
  new Lambda({
    folder: join(folder, 'containers'),
    logFolder: join(folder, 'logs'),
    endpoint: 'http://127.0.0.1:1',
    trust: (bundle) => bundle,
    applied: () => Promise.resolve(appliedOf({ aws_lambda_function: functions, aws_lambda_layer_version: layers })),
    zip: (hash) => join(folder, 'zips', `${Buffer.from(hash, 'base64').toString('hex')}.zip`),
    credentials: (roleArn) => Promise.resolve({ AWS_ACCESS_KEY_ID: `key of ${roleArn}` }),
    attach: (vpc) => {
      const address = `127.0.2.${taken.size + 1}`;
      taken.set(address, vpc);
      return { address, hosts: {}, release: () => taken.delete(address) };
    },
    ...change,
  });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lambda-'));
  layers = [];
  functions = [lambdaFunction('function', writeZip(join(folder, 'zips'), SOURCE).hash)];
  lambda = open();
});

afterEach(async () => {
  await lambda.stop();
  rmSync(folder, { recursive: true });
});

const call = async (name = functionArn('function'), event: unknown = {}): Promise<any> =>
  JSON.parse((await lambda.invoke(name, event)).payload);

const change = (values: object): void => void (functions = functions.map((applied) => ({ ...applied, ...values })));

describe('an applied function', () => {
  it('runs with its environment and the credentials of its role', async () => {
    change({ environment: [{ variables: { OWN: 'set' } }] });
    expect(await call()).toMatchObject({ own: 'set', role: `key of ${ROLE}`, endpoint: 'http://127.0.0.1:1' });
  });

  it('accepts an event of 6,291,456 bytes, and none larger', async () => {
    const event = (bytes: number) => ({ text: 'x'.repeat(bytes - '{"text":""}'.length) });
    expect(await call('function', event(6_291_456))).toHaveProperty('number');
    await expect(call('function', event(6_291_457))).rejects.toMatchObject({
      name: 'RequestTooLargeException',
      status: 413,
    });
  });

  it('runs in its warm container until the next apply changes it', async () => {
    const { number } = await call();
    expect((await call()).number).toBe(number);
    change({ memory_size: 256 });
    expect((await call()).number).not.toBe(number);
  });

  it('gets a new container when there is a new proxy, whose name the old one cannot resolve', async () => {
    const proxies: object[] = [];
    lambda = open({
      applied: () => Promise.resolve(appliedOf({ aws_lambda_function: functions, aws_db_proxy: proxies })),
    });
    const first = await call();
    expect((await call()).number).toBe(first.number);
    proxies.push({ endpoint: 'iam.proxy-c0ffee.eu-central-1.rds.amazonaws.com' });
    expect((await call()).number).not.toBe(first.number);
  });

  it('gets a new container when its role’s credentials are renewed', async () => {
    let renewals = 0;
    lambda = open({ credentials: () => Promise.resolve({ AWS_ACCESS_KEY_ID: `key ${renewals}` }) });
    const { number } = await call();
    renewals += 1;
    const { number: another, role } = await call();
    expect(another).not.toBe(number);
    expect(role).toBe('key 1');
  });

  it('writes its log to a file', async () => {
    await call();
    await lambda.stop();
    expect(readFileSync(join(folder, 'logs', 'function.log'), 'utf8')).toMatch(/^START .*\nEND .*\nREPORT .*\n$/);
    lambda = open();
  });

  it('keeps its network attachment as long as its container runs', async () => {
    change({ vpc_config: [VPC] });
    await call();
    expect([...taken]).toEqual([['127.0.2.1', VPC]]);
    expect(lambda.callerAt('127.0.2.1')).toMatchObject({ caller: { function_name: 'function' } });
    await lambda.stop();
    expect([...taken]).toEqual([]);
    expect(lambda.callerAt('127.0.2.1')).toBeUndefined();
  });

  it('ends with this Lambda, even while it handles an event', async () => {
    const response = call(undefined, { waitMs: 60_000 });
    while (taken.size === 0 || !existsSync(join(folder, 'logs', 'function.log'))) await sleep(20);
    await lambda.stop();
    expect(await response).toMatchObject({ errorType: 'Runtime.ExitError' });
    expect([...taken]).toEqual([]);
  });

  it('ends with this Lambda, even while its container starts', async () => {
    const response = call(undefined, { waitMs: 60_000 }).catch((error: unknown) => error);
    while (taken.size === 0) await sleep(1);
    await lambda.stop();
    expect(await response).toEqual(new Error('Lambda is stopping, so it runs no function.'));
    expect([...taken]).toEqual([]);
  });

  it('stops even if a child outside its group holds its output open', async () => {
    const source = `exports.handler = () => new Promise(() => {
      require('child_process').spawn('setsid', ['sleep', '60'], { stdio: 'inherit' });
    });`;
    functions = [lambdaFunction('function', writeZip(join(folder, 'zips'), source).hash)];
    const response = call();
    while (taken.size === 0 || !existsSync(join(folder, 'logs', 'function.log'))) await sleep(20);
    await lambda.stop();
    expect(await response).toMatchObject({ errorType: 'Runtime.ExitError' });
  });

  it('gets its layers in order', async () => {
    const source = 'exports.handler = async () => require(process.env.LAYER);';
    const layer = (text: string): string =>
      writeZip(join(folder, 'zips'), `module.exports = ${JSON.stringify(text)};`).hash;
    layers = ['first', 'second'].map((arn) => ({ arn, code_sha256: layer(arn) }));
    functions = [
      lambdaFunction('function', writeZip(join(folder, 'zips'), source).hash, {
        layers: ['first', 'second'],
        environment: [{ variables: { LAYER: '/opt/index.js' } }],
      }),
    ];
    expect(await call()).toBe('second');
  });
});

describe('concurrency', () => {
  const calls = (count: number, name = 'function'): Promise<PromiseSettledResult<any>[]> =>
    Promise.allSettled(Array.from({ length: count }, () => call(name, { waitMs: 300 })));

  const throttled = (results: PromiseSettledResult<any>[]): unknown[] =>
    results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));

  it('is one event for each container', async () => {
    const results = await calls(3);
    const numbers = results.map((result) => (result.status === 'fulfilled' ? result.value.number : result.reason));
    expect(new Set(numbers).size).toBe(3);
  });

  it('is limited by the function’s reserved concurrency', async () => {
    change({ reserved_concurrent_executions: 1 });
    expect(throttled(await calls(3))).toEqual(
      Array(2).fill(
        expect.objectContaining({
          name: 'TooManyRequestsException',
          status: 429,
          message: 'Rate Exceeded.',
          details: { Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded' },
        }),
      ),
    );
    expect(throttled(await calls(1))).toEqual([]);
  });

  it('is shared by all functions without reserved concurrency', async () => {
    lambda = open({ unreservedConcurrency: 2 });
    const { hash } = writeZip(join(folder, 'zips'), SOURCE);
    functions.push(lambdaFunction('another', hash));
    functions.push(lambdaFunction('reserved', hash, { reserved_concurrent_executions: 1 }));
    const [own, others, reserved] = await Promise.all([calls(1), calls(2, 'another'), calls(1, 'reserved')]);
    expect(throttled([...own, ...others])).toEqual([
      expect.objectContaining({ details: { Reason: 'ConcurrentInvocationLimitExceeded' } }),
    ]);
    expect(throttled(reserved)).toEqual([]);
  });
});
