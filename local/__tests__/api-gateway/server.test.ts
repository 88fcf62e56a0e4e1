import { startApiGateway, type RunningApiGateway } from '../../api-gateway/server';
import { AwsError } from '../../lambda/aws-error';
import type { Invocation } from '../../lambda/invocation';
import { CertificateAuthority, type KeyedCertificate } from '../../certificates/certificate-authority';
import { call, type HttpRequest, type HttpResponse } from '../support/http-client';
import {
  ACCOUNT,
  API_HOST,
  API_ID,
  appliedOf,
  ARNS,
  changeValues,
  changeBody,
  changeOperations,
  API_KEY,
  integration,
  operation,
  restApi,
  withGatewayResponses,
  type Resources,
} from '../support/http-state';

let ca: CertificateAuthority;
let certificate: KeyedCertificate;
let gateway: RunningApiGateway | undefined;
let events: any[];
/** ARNs of the invoked functions. */
let invoked: string[];
let logLines: string[];

/** Behaviour of the function. */
let runFunction: () => Promise<Invocation>;

const returning = (value: unknown) => (): Promise<Invocation> =>
  Promise.resolve({ payload: JSON.stringify(value), log: '' });

const throttled = (): Promise<Invocation> =>
  Promise.reject(new AwsError(429, 'TooManyRequestsException', 'Rate Exceeded.'));

/** The simulated public address of the client at 127.0.0.1. */
const CALLER = '198.51.100.1';

async function start(resources: Resources): Promise<void> {
  gateway = await startApiGateway({
    applied: appliedOf(resources),
    certificate,
    address: '127.0.0.1',
    port: 0,
    log: (line) => logLines.push(line),
    invoke: (functionArn, event) => {
      invoked.push(functionArn);
      events.push(event);
      return runFunction();
    },
  });
}

const KEY_HEADER = { 'x-api-key': API_KEY };

/** Calls GET /items of the stage `live`, with the API key. */
const callApi = (change: Partial<HttpRequest> = {}): Promise<HttpResponse> =>
  call({ port: gateway?.port ?? 0, host: API_HOST, path: '/live/items', headers: KEY_HEADER, ca: ca.pem, ...change });

beforeAll(async () => {
  ca = await CertificateAuthority.create();
  certificate = await ca.issue(API_HOST);
});

beforeEach(() => {
  [events, invoked, logLines] = [[], [], []];
  runFunction = returning({ statusCode: 200, body: '{"items":[]}' });
});

afterEach(() => {
  gateway?.stop();
  gateway = undefined;
});

describe('a request with the API key', () => {
  it('invokes the function of the integration and returns its response', async () => {
    await start(restApi());
    const answer = await callApi();
    expect(answer.status).toBe(200);
    expect(answer.json()).toEqual({ items: [] });
    expect(answer.headers).toMatchObject({
      'content-type': 'application/json',
      'x-amzn-requestid': events[0].requestContext.requestId,
      'x-amz-apigw-id': events[0].requestContext.extendedRequestId,
    });
    expect(invoked).toEqual([ARNS.function]);
    expect(gateway?.domainName).toBe(API_HOST);
  });

  it('invokes the function with an event of payload format 1.0', async () => {
    await start(changeValues(restApi(), 'aws_api_gateway_stage', { variables: { colour: 'blue' } }));
    await callApi({
      path: '/live/items?limit=5&tag=a&tag=b%20c',
      headers: { ...KEY_HEADER, 'User-Agent': 'curl/8', 'X-Two': ['1', '2'], 'X-Forwarded-For': '192.0.2.1' },
    });
    expect(events).toEqual([
      {
        resource: '/items',
        path: '/items',
        httpMethod: 'GET',
        headers: expect.objectContaining({
          'User-Agent': 'curl/8',
          'X-Two': '2',
          'X-Forwarded-For': `192.0.2.1, ${CALLER}`,
          'X-Forwarded-Port': '443',
          'X-Forwarded-Proto': 'https',
        }),
        multiValueHeaders: expect.objectContaining({ 'X-Two': ['1', '2'], host: [API_HOST] }),
        queryStringParameters: { limit: '5', tag: 'b c' },
        multiValueQueryStringParameters: { limit: ['5'], tag: ['a', 'b c'] },
        pathParameters: null,
        stageVariables: { colour: 'blue' },
        body: null,
        isBase64Encoded: false,
        requestContext: expect.objectContaining({
          accountId: ACCOUNT,
          apiId: API_ID,
          deploymentId: 'dep1',
          domainName: API_HOST,
          domainPrefix: API_ID,
          httpMethod: 'GET',
          path: '/live/items',
          protocol: 'HTTP/1.1',
          requestTime: expect.stringMatching(/^\d\d\/\w{3}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
          resourceId: expect.stringMatching(/^\w{6}$/),
          resourcePath: '/items',
          stage: 'live',
          identity: expect.objectContaining({ sourceIp: CALLER, userAgent: 'curl/8', apiKeyId: 'key1' }),
        }),
      },
    ]);
  });

  it.each(['constructor', '__proto__', 'toString'])('may have a parameter and a header named %s', async (name) => {
    await start(restApi());
    const path = `/live/items?${name}=1&${name}=2`;
    expect((await callApi({ path, headers: { ...KEY_HEADER, [name]: '3' } })).status).toBe(200);
    expect(Object.entries(events[0].multiValueQueryStringParameters as object)).toEqual([[name, ['1', '2']]]);
    expect(Object.entries(events[0].multiValueHeaders as object)).toContainEqual([name, ['3']]);
  });

  it('may have a body of at most 10 MiB', async () => {
    await start(restApi());
    const statusWith = async (bytes: number): Promise<number> =>
      (await callApi({ headers: { ...KEY_HEADER, 'content-length': bytes }, body: 'x'.repeat(bytes) })).status;
    expect(await statusWith(10 * 1024 * 1024)).toBe(200);
    expect(await statusWith(10 * 1024 * 1024 + 1)).toBe(413);
    expect(events).toHaveLength(1);
  });

  it.each<[what: string, pad: (padding: string) => Partial<HttpRequest>]>([
    ['header', (padding) => ({ headers: { ...KEY_HEADER, long: padding } })],
    ['repeated header', (padding) => ({ headers: { ...KEY_HEADER, long: [padding.slice(9), padding.slice(0, 9)] } })],
    ['query', (padding) => ({ path: `/live/items?${padding}` })],
  ])('may have at most 10,240 bytes of request line and header values, here with a long %s', async (_what, pad) => {
    await start(restApi());
    // The request line and the values of Host, x-api-key and Connection.
    const otherBytes = `GET /live/items? HTTP/1.1${API_HOST}${API_KEY}close`.length;
    const statusWith = async (bytes: number): Promise<number> =>
      (await callApi({ path: '/live/items?', ...pad('x'.repeat(bytes - otherBytes)) })).status;
    expect(await statusWith(10_240)).toBe(200);
    expect(await statusWith(10_241)).toBe(431);
    expect(events).toHaveLength(1);
  });

  it('passes its body to the function as text, or as base64 for a binary media type', async () => {
    const paths = { '/items': { 'x-amazon-apigateway-any-method': operation() } };
    const withAnyMethod = changeBody(restApi(), (body) => ({ ...body, paths }));
    const withBinary = changeValues(withAnyMethod, 'aws_api_gateway_rest_api', { binary_media_types: ['image/png'] });
    // Without source_arn, the permission covers every method, not only GET.
    await start(changeValues(withBinary, 'aws_lambda_permission', { source_arn: null }));
    await callApi({ method: 'POST', body: 'grüße' });
    await callApi({ method: 'PUT', body: 'png', headers: { ...KEY_HEADER, 'content-type': 'image/png' } });
    expect(events).toMatchObject([
      { httpMethod: 'POST', body: 'grüße', isBase64Encoded: false },
      { httpMethod: 'PUT', body: Buffer.from('png').toString('base64'), isBase64Encoded: true },
    ]);
  });
});

describe('an API key', () => {
  it('that is missing causes a 403, and the function is not invoked', async () => {
    await start(restApi());
    expect(await callApi({ headers: {} })).toMatchObject({
      status: 403,
      text: '{"message":"Forbidden"}',
      headers: { 'x-amzn-errortype': 'ForbiddenException' },
    });
    expect(invoked).toEqual([]);
  });

  it('is required only if the method requires it', async () => {
    await start(changeOperations(restApi(), { security: [] }));
    expect((await callApi({ headers: {} })).status).toBe(200);
    expect(events[0].requestContext.identity).not.toHaveProperty('apiKeyId');
  });

  it.each([
    [
      'throttle',
      { throttle_settings: [{ rate_limit: 0.001, burst_limit: 1 }] },
      'Too Many Requests',
      'TooManyRequests',
    ],
    // The offset counts as one earlier call of the month, so the second call exceeds the limit.
    ['quota', { quota_settings: [{ limit: 2, offset: 1, period: 'MONTH' }] }, 'Limit Exceeded', 'LimitExceeded'],
  ])('is rejected beyond the %s of its usage plan', async (_what, values, message, errorType) => {
    await start(changeValues(restApi(), 'aws_api_gateway_usage_plan', values));
    expect((await callApi()).status).toBe(200);
    const answer = await callApi();
    expect([answer.status, answer.json()]).toEqual([429, { message }]);
    expect(answer.headers['x-amzn-errortype']).toBe(`${errorType}Exception`);
  });
});

describe('a request that reaches no method', () => {
  it.each<[what: string, request: Partial<HttpRequest>]>([
    ['an unknown path', { path: '/live/nothing' }],
    ['the root, which has no methods', { path: '/live' }],
    ['a method that the resource lacks', { method: 'POST' }],
  ])('gets 403 “Missing Authentication Token”, as from API Gateway: %s', async (_what, request) => {
    await start(restApi());
    expect(await callApi(request)).toMatchObject({ status: 403, text: '{"message":"Missing Authentication Token"}' });
  });

  it('gets a different 403 for an unknown path if the request has an Authorization header, which API Gateway takes for a signature', async () => {
    await start(restApi());
    const answer = await callApi({ path: '/live/nothing', headers: { ...KEY_HEADER, authorization: 'Bearer token' } });
    const message = 'Invalid key=value pair (missing equal-sign) in Authorization header';
    expect([answer.status, answer.json()]).toEqual([403, { message }]);
  });

  it.each<[what: string, request: Partial<HttpRequest>]>([
    ['an unknown stage', { path: '/test/items' }],
    ['no stage', { path: '/' }],
    ['another host', { headers: { ...KEY_HEADER, host: 'd111111abcdef8.cloudfront.net' } }],
  ])('gets API Gateway’s own 403 instead of the API’s gateway response: %s', async (_what, request) => {
    await start(withGatewayResponses(restApi(), { DEFAULT_4XX: { statusCode: '404' } }));
    expect(await callApi(request)).toMatchObject({ status: 403, text: '{"message":"Forbidden"}' });
    expect(invoked).toEqual([]);
  });
});

describe('the permission to invoke the function', () => {
  const allowing = (source: string) => changeValues(restApi(), 'aws_lambda_permission', { source_arn: source });

  it('is missing if the function allows only another method', async () => {
    await start(allowing(`${ARNS.execution}/live/POST/items`));
    expect(await callApi()).toMatchObject({ status: 500, text: '{"message":"Internal server error"}' });
    expect(invoked).toEqual([]);
  });

  it('may be granted for one method of the stage', async () => {
    await start(allowing(`${ARNS.execution}/live/GET/items`));
    expect((await callApi()).status).toBe(200);
  });
});

describe('a response of the function', () => {
  beforeEach(() => start(restApi()));

  it('may have headers, repeated headers, and the status of an error', async () => {
    runFunction = returning({
      statusCode: 503,
      headers: { 'retry-after': 10, 'Set-Cookie': 'lost' },
      multiValueHeaders: { 'Set-Cookie': ['a=1', 'b=2'] },
      body: 'later',
    });
    const headers = { 'retry-after': '10', 'set-cookie': ['a=1', 'b=2'] };
    expect(await callApi()).toMatchObject({ status: 503, text: 'later', headers });
  });

  it('cannot set headers that belong to the server', async () => {
    const headers = { Server: 'mine', 'Transfer-Encoding': 'chunked' };
    runFunction = returning({ statusCode: 200, headers, body: 'x' });
    const answer = await callApi();
    expect(answer.headers).toMatchObject({ 'x-amzn-remapped-server': 'mine', 'content-length': '1' });
    expect(answer.headers).not.toHaveProperty('transfer-encoding');
  });

  it.each<[what: string, behaviour: () => Promise<Invocation>]>([
    ['has a body that is not a string', returning({ statusCode: 200, body: { items: [] } })],
    ['is an error of the handler', () => Promise.resolve({ payload: '{}', functionError: 'Unhandled', log: '' })],
  ])('that %s becomes 502', async (_what, behaviour) => {
    runFunction = behaviour;
    expect(await callApi()).toMatchObject({
      status: 502,
      text: '{"message":"Internal server error"}',
      headers: { 'x-amzn-errortype': 'InternalServerErrorException' },
    });
  });

  it.each([204, 304])('with status %s has no body', async (statusCode) => {
    runFunction = returning({ statusCode, body: 'x' });
    expect(await callApi()).toMatchObject({ status: statusCode, text: '' });
  });
});

describe('a base64 response of the function', () => {
  it('is decoded only for a caller that accepts a binary media type', async () => {
    await start(changeValues(restApi(), 'aws_api_gateway_rest_api', { binary_media_types: ['image/png'] }));
    runFunction = returning({ statusCode: 200, body: 'aGVsbG8=', isBase64Encoded: true });
    expect((await callApi({ headers: { ...KEY_HEADER, accept: 'image/png, */*' } })).text).toBe('hello');
    expect((await callApi()).text).toBe('aGVsbG8=');
  });
});

describe('a request that the function does not answer in time', () => {
  it('gets 504', async () => {
    await start(
      changeOperations(restApi(), { 'x-amazon-apigateway-integration': { ...integration(), timeoutInMillis: 50 } }),
    );
    runFunction = () => new Promise(() => undefined);
    expect(await callApi()).toMatchObject({ status: 504, text: '{"message":"Endpoint request timed out"}' });
  });
});

describe('gateway responses', () => {
  it('are rendered from the applied configuration; the response for an error’s own type takes precedence over the default', async () => {
    const rendered = (template: string) => ({ responseTemplates: { 'application/json': template } });
    await start(
      withGatewayResponses(restApi(), {
        MISSING_AUTHENTICATION_TOKEN: { statusCode: '404', ...rendered('{"id":"$context.requestId"}') },
        DEFAULT_4XX: rendered('{"error":$context.error.messageString}'),
      }),
    );
    const unmatched = await callApi({ path: '/live/nothing' });
    expect([unmatched.status, unmatched.json()]).toEqual([404, { id: unmatched.headers['x-amzn-requestid'] }]);
    expect(await callApi({ headers: {} })).toMatchObject({ status: 403, text: '{"error":"Forbidden"}' });
  });
});

describe('the access log', () => {
  const format =
    '{"id":"$context.requestId","status":"$context.status","path":"$context.path","bytes":"$context.responseLength",' +
    '"error":"$context.error.message","integrationError":"$context.integration.error",' +
    '"integrationStatus":"$context.integration.integrationStatus","keyId":"$context.identity.apiKeyId",' +
    '"key":"$context.identity.apiKey","agent":"$context.identity.userAgent","ip":"$context.identity.sourceIp"}';

  const logging = () => changeValues(restApi(), 'aws_api_gateway_stage', { access_log_settings: [{ format }] });
  const accountRole = {
    aws_iam_role: [{ arn: 'arn:aws:iam::123456789012:role/logs' }],
    aws_api_gateway_account: [{ cloudwatch_role_arn: 'arn:aws:iam::123456789012:role/logs' }],
  };

  it.each([
    ['the account has no role for logging', {}],
    ['the account’s role was deleted with the stack that set it', { ...accountRole, aws_iam_role: [] }],
  ])('is not written if %s', async (_why, account) => {
    await start({ ...logging(), ...account });
    expect((await callApi()).status).toBe(200);
    expect(logLines).toEqual([]);
  });

  it('has one line for each request, in the stage’s format and without the API key', async () => {
    await start({ ...logging(), ...accountRole });
    const answer = await callApi({ headers: { ...KEY_HEADER, 'user-agent': 'a "quoted" one' } });
    runFunction = returning('malformed');
    await callApi();
    await callApi({ headers: { 'x-api-key': 'a-guess' } });
    runFunction = throttled;
    await callApi();
    expect(logLines.map((line): unknown => JSON.parse(line))).toEqual([
      {
        id: answer.headers['x-amzn-requestid'],
        status: '200',
        path: '/live/items',
        bytes: '12',
        error: '-',
        integrationError: '-',
        integrationStatus: '200',
        keyId: 'key1',
        key: '-',
        agent: 'a "quoted" one',
        ip: CALLER,
      },
      expect.objectContaining({
        status: '502',
        error: 'Internal server error',
        integrationError: 'Malformed Lambda proxy response',
        integrationStatus: '200',
      }),
      expect.objectContaining({ status: '403', error: 'Forbidden', keyId: '-' }),
      expect.objectContaining({
        status: '500',
        integrationError: 'Execution failed due to configuration error: Rate Exceeded.',
        integrationStatus: '-',
      }),
    ]);
    expect(logLines.join()).not.toContain(API_KEY);
  });
});

describe('a changed API', () => {
  it('replaces the previous one on the same port', async () => {
    await start(restApi());
    expect((await callApi()).status).toBe(200);
    gateway?.update(appliedOf({ ...restApi(), aws_api_gateway_usage_plan_key: [] }));
    expect((await callApi()).status).toBe(403);
  });
});
