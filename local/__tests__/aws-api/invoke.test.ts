import { mkdtempSync, rmSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answerInvoke, toInvoke } from '../../aws-api/invoke';
import { receiveRequest } from '../../http/exchange';
import { Lambda } from '../../lambda/lambda';
import { lambdaFunction, writeZip } from '../support/functions';
import { appliedOf, functionArn } from '../support/http-state';
import { call, type HttpResponse } from '../support/http-client';
import { startHttpServer, type HttpServer } from '../support/http-server';

jest.setTimeout(60_000);

/** Logs a line of as many bytes as the event says, and returns the event. Throws a TypeError if the event is `null`. */
const SOURCE = `exports.handler = async (event) => { console.log('x'.repeat(event.bytes ?? 0)); return event; };`;

const PATH = '/2015-03-31/functions/function/invocations';

const folder = mkdtempSync(join(tmpdir(), 'invoke-'));
const { path: zip, hash } = writeZip(folder, SOURCE);
let functions: object[];
let isStateUnreadable: boolean;
let lambda: Lambda;
let server: HttpServer;

beforeAll(async () => {
  lambda = new Lambda({
    folder: join(folder, 'containers'),
    logFolder: join(folder, 'logs'),
    endpoint: 'http://127.0.0.1:1',
    trust: (bundle) => bundle,
    applied: () =>
      isStateUnreadable
        ? Promise.reject(new Error('terraform show failed'))
        : Promise.resolve(appliedOf({ aws_lambda_function: functions })),
    zipPath: () => zip,
    credentials: () => Promise.resolve({}),
    attach: () => ({ address: '127.0.2.1', hosts: {}, release: () => undefined }),
  });
  server = await startHttpServer((incoming, response) => {
    const invoke = toInvoke(incoming) ?? { name: '', qualifier: null };
    void receiveRequest(incoming).then((request) => answerInvoke(invoke, request, response, lambda));
  });
});

beforeEach(() => {
  functions = [lambdaFunction('function', hash)];
  isStateUnreadable = false;
});

afterAll(async () => {
  server.stop();
  await lambda.stop();
  rmSync(folder, { recursive: true });
});

function invoke(body: string, headers: Record<string, string> = {}, path = PATH): Promise<HttpResponse> {
  return call({ port: server.port, host: 'localhost', method: 'POST', path, headers, body });
}

const invokeOf = (method: string, url: string) => toInvoke({ method, url } as unknown as IncomingMessage);

describe('a request to the local AWS', () => {
  it('is an invocation if its path names a function by name or ARN, with or without a qualifier', () => {
    expect(invokeOf('POST', PATH)).toEqual({ name: 'function', qualifier: null });
    const arn = functionArn('function');
    expect(invokeOf('POST', `/2015-03-31/functions/${encodeURIComponent(arn)}/invocations/?Qualifier=live`)).toEqual({
      name: arn,
      qualifier: 'live',
    });
  });

  it.each([
    ['GET', PATH],
    ['POST', '/2015-03-31/functions'],
    ['POST', `${PATH}/more`],
    ['POST', '/2015-03-31/functions/a/b/invocations'],
    ['POST', `/?path=${PATH}`],
  ])('is no invocation: %s %s', (method, url) => {
    expect(invokeOf(method, url)).toBeUndefined();
  });
});

describe('the response to an invocation', () => {
  it('has the function’s result and version, and no log', async () => {
    const { status, headers, json } = await invoke('{"a":1}');
    expect([status, json()]).toEqual([200, { a: 1 }]);
    expect(headers).toMatchObject({ 'content-type': 'application/json', 'x-amz-executed-version': '$LATEST' });
    expect(headers).not.toHaveProperty('x-amz-function-error');
    expect(headers).not.toHaveProperty('x-amz-log-result');
  });

  it('has the result for the event {} if the request has no body', async () => {
    expect((await invoke('')).json()).toEqual({});
  });

  it('has the last 4 KiB of the log if the request asks for it', async () => {
    const { headers } = await invoke('{"bytes":5000}', { 'x-amz-log-type': 'Tail' });
    const log = Buffer.from(String(headers['x-amz-log-result']), 'base64').toString('utf8');
    expect(log).toMatch(/^x+\nEND .*\nREPORT .*\n$/);
    expect(log).toHaveLength(4096);
  });

  it('has the error, and a header that marks it, if the function fails', async () => {
    const { status, headers, json } = await invoke('null');
    expect([status, headers['x-amz-function-error']]).toEqual([200, 'Unhandled']);
    expect(json()).toMatchObject({ errorType: 'TypeError' });
  });
});

describe('the local Lambda', () => {
  interface Change {
    readonly path?: string;
    readonly type?: string;
    readonly reserved?: number;
  }

  it.each<[what: string, body: string, change: Change, status: number, errorType: string]>([
    ['an unknown function', '{}', { path: PATH.replace('function/', 'missing/') }, 404, 'ResourceNotFoundException'],
    ['an event that is not JSON', '{', {}, 400, 'InvalidRequestContentException'],
    ['an asynchronous invocation', '{}', { type: 'Event' }, 400, 'InvalidParameterValueException'],
    ['an invocation beyond the reserved concurrency', '{}', { reserved: 0 }, 429, 'TooManyRequestsException'],
  ])('refuses %s', async (_what, body, { path = PATH, type = 'RequestResponse', reserved = -1 }, status, errorType) => {
    functions = [lambdaFunction('function', hash, { reserved_concurrent_executions: reserved })];
    const response = await invoke(body, { 'x-amz-invocation-type': type }, path);
    expect([response.status, response.headers['x-amzn-errortype']]).toEqual([status, errorType]);
    expect(response.json()).toMatchObject({ Type: 'User', Message: expect.stringMatching(/./) });
  });

  it('answers with a ServiceException if it cannot read the state', async () => {
    isStateUnreadable = true;
    const { status, headers, json } = await invoke('{}');
    expect([status, headers['x-amzn-errortype']]).toEqual([500, 'ServiceException']);
    expect(json()).toEqual({ Type: 'Service', Message: 'terraform show failed' });
  });
});
