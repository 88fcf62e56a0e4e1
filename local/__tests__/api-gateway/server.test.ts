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
  changeIntegration,
  changeOperations,
  API_KEY,
  operation,
  restApi,
  withGatewayResponses,
  type Resources,
} from '../support/http-state';

let ca: CertificateAuthority;
let certificate: KeyedCertificate;
let gateway: RunningApiGateway | undefined;
let events: any[];
let invoked: string[];
let lines: string[];

/** The function's behaviour. */
let run: () => Promise<Invocation>;

const returns = (answer: unknown): Promise<Invocation> => Promise.resolve({ payload: JSON.stringify(answer), log: '' });

async function start(resources: Resources): Promise<void> {
  gateway = await startApiGateway({
    applied: appliedOf(resources),
    certificate,
    address: '127.0.0.1',
    port: 0,
    log: (line) => lines.push(line),
    invoke: (functionArn, event) => {
      invoked.push(functionArn);
      events.push(event);
      return run();
    },
  });
}

/** Calls GET /items with the API key. */
function ask(change: Partial<HttpRequest> = {}): Promise<HttpResponse> {
  const key = { 'x-api-key': API_KEY };
  return call({ port: gateway?.port ?? 0, host: API_HOST, path: '/live/items', headers: key, ca: ca.pem, ...change });
}

beforeAll(async () => {
  ca = await CertificateAuthority.create();
  certificate = await ca.issue(API_HOST);
});

beforeEach(() => {
  [events, invoked, lines] = [[], [], []];
  run = () => returns({ statusCode: 200, body: '{"items":[]}' });
});

afterEach(() => {
  gateway?.stop();
  gateway = undefined;
});

describe('a request with the key', () => {
  it('invokes the function of the integration and returns its response', async () => {
    await start(restApi());
    const answer = await ask();
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
    await ask({
      path: '/live/items?limit=5&tag=a&tag=b%20c',
      headers: { 'x-api-key': API_KEY, 'User-Agent': 'curl/8', 'X-Two': ['1', '2'], 'X-Forwarded-For': '192.0.2.1' },
    });
    expect(events).toEqual([
      {
        resource: '/items',
        path: '/items',
        httpMethod: 'GET',
        headers: expect.objectContaining({
          'User-Agent': 'curl/8',
          'X-Two': '2',
          'X-Forwarded-For': '192.0.2.1, 198.51.100.1',
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
          identity: expect.objectContaining({ sourceIp: '198.51.100.1', userAgent: 'curl/8', apiKeyId: 'key1' }),
        }),
      },
    ]);
  });

  it.each(['constructor', '__proto__', 'toString'])('may have a parameter and a header named %s', async (name) => {
    await start(restApi());
    const answer = await ask({ path: `/live/items?${name}=1&${name}=2`, headers: { 'x-api-key': API_KEY, [name]: '3' } });
    expect(answer.status).toBe(200);
    const { multiValueQueryStringParameters: query, multiValueHeaders: headers } = events[0];
    expect(Object.entries(query as object)).toEqual([[name, ['1', '2']]]);
    expect(Object.entries(headers as object)).toContainEqual([name, ['3']]);
  });

  it('may have a body of at most 10 MiB', async () => {
    await start(restApi());
    const sent = async (bytes: number): Promise<number> => {
      const headers = { 'x-api-key': API_KEY, 'content-length': bytes };
      return (await ask({ headers, body: 'x'.repeat(bytes) })).status;
    };
    expect(await sent(10 * 1024 * 1024)).toBe(200);
    expect(await sent(10 * 1024 * 1024 + 1)).toBe(413);
    expect(events).toHaveLength(1);
  });

  it.each(['a header', 'many headers', 'the query'])(
    'may have at most 10,240 bytes of request line and headers: %s',
    async (where) => {
      await start(restApi());
      const sent = async (bytes: number): Promise<number> => {
        const text = 'x'.repeat(bytes);
        const headers = where === 'a header' ? { long: text } : { long: [text.slice(0, 5_000), text.slice(5_000)] };
        return (
          where === 'the query'
            ? await ask({ path: `/live/items?${text}` })
            : await ask({ headers: { 'x-api-key': API_KEY, ...headers } })
        ).status;
      };
      // The request line and the other headers' values.
      const rest = `GET /live/items HTTP/1.1${API_HOST}${API_KEY}close`.length + (where === 'the query' ? 1 : 0);
      expect(await sent(10_240 - rest)).toBe(200);
      expect(await sent(10_241 - rest)).toBe(431);
      expect(events).toHaveLength(1);
    },
  );

  it('sends its body as text, or as base64 for a binary media type', async () => {
    const post = {
      ...change(restApi(), 'aws_api_gateway_rest_api', { binary_media_types: ['image/png'] }),
      aws_lambda_permission: [{ ...restApi()['aws_lambda_permission']?.[0], source_arn: null }],
    };
    const paths = { '/items': { 'x-amazon-apigateway-any-method': operation() } };
    await start(changeBody(post, (body) => ({ ...body, paths })));
    await ask({ method: 'POST', body: 'grüße' });
    await ask({ method: 'PUT', body: 'png', headers: { 'x-api-key': API_KEY, 'content-type': 'image/png' } });
    expect(events).toMatchObject([
      { httpMethod: 'POST', body: 'grüße', isBase64Encoded: false },
      { httpMethod: 'PUT', body: Buffer.from('png').toString('base64'), isBase64Encoded: true },
    ]);
  });
});

describe('an API key', () => {
  it.each<[what: string, headers: Record<string, string>]>([
    ['is missing', {}],
    ['is wrong', { 'x-api-key': 'a-guess-of-the-key-0123456789' }],
  ])('that %s is rejected without invoking the function', async (_what, headers) => {
    await start(restApi());
    const answer = await ask({ headers });
    expect(answer.status).toBe(403);
    expect(answer.json()).toEqual({ message: 'Forbidden' });
    expect(answer.headers['x-amzn-errortype']).toBe('ForbiddenException');
    expect(invoked).toEqual([]);
  });

  it('is required only if the method requires it', async () => {
    await start(changeOperations(restApi(), { security: [] }));
    expect((await ask({ headers: {} })).status).toBe(200);
    expect(events[0].requestContext.identity).not.toHaveProperty('apiKeyId');
  });

  it('is throttled by its usage plan', async () => {
    const throttle_settings = [{ rate_limit: 0.001, burst_limit: 2 }];
    await start(changeValues(restApi(), 'aws_api_gateway_usage_plan', { throttle_settings }));
    const answers = [await ask(), await ask(), await ask()];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
    expect(answers[2]?.json()).toEqual({ message: 'Too Many Requests' });
    expect(answers[2]?.headers['x-amzn-errortype']).toBe('TooManyRequestsException');
  });

  it('is rejected once its quota is used up', async () => {
    const quota_settings = [{ limit: 3, offset: 1, period: 'MONTH' }];
    await start(changeValues(restApi(), 'aws_api_gateway_usage_plan', { quota_settings }));
    const answers = [await ask(), await ask(), await ask()];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
    expect(answers[2]?.json()).toEqual({ message: 'Limit Exceeded' });
    expect(answers[2]?.headers['x-amzn-errortype']).toBe('LimitExceededException');
  });
});

describe('a request that matches no method', () => {
  it.each<[what: string, call: Partial<HttpRequest>]>([
    ['an unknown path', { path: '/live/nothing' }],
    ['the root, which has no methods', { path: '/live' }],
    ['a method that the resource lacks', { method: 'POST' }],
  ])('gets 403 “Missing Authentication Token”, as from API Gateway: %s', async (_what, to) => {
    await start(restApi());
    const answer = await ask(to);
    expect(answer.status).toBe(403);
    expect(answer.json()).toEqual({ message: 'Missing Authentication Token' });
  });

  it.each<[what: string, call: Partial<HttpRequest>]>([
    ['an unknown stage', { path: '/test/items' }],
    ['no stage', { path: '/' }],
    ['another host', { headers: { host: 'd111111abcdef8.cloudfront.net', 'x-api-key': API_KEY } }],
  ])('gets 403 without the API’s gateway responses: %s', async (_what, to) => {
    await start(withGatewayResponses(restApi(), { DEFAULT_4XX: { statusCode: '404' } }));
    const answer = await ask(to);
    expect(answer.status).toBe(403);
    expect(answer.json()).toEqual({ message: 'Forbidden' });
    expect(invoked).toEqual([]);
  });
});

describe('permission to invoke', () => {
  const allowing = (source: string) => changeValues(restApi(), 'aws_lambda_permission', { source_arn: source });

  it.each([
    ['another method', `${ARNS.execution}/*/GET/`],
    ['another stage', `${ARNS.execution}/test/GET/items`],
  ])('is missing if the function allows %s', async (_what, source) => {
    await start(allowing(source));
    const answer = await ask();
    expect(answer.status).toBe(500);
    expect(answer.json()).toEqual({ message: 'Internal server error' });
    expect(invoked).toEqual([]);
  });

  it('may be granted for one method of the stage', async () => {
    await start(allowing(`${ARNS.execution}/live/GET/items`));
    expect((await ask()).status).toBe(200);
  });
});

describe('a response of the function', () => {
  beforeEach(() => start(restApi()));

  it('may have headers, repeated headers, and any status', async () => {
    run = () =>
      returns({
        statusCode: 503,
        headers: { 'retry-after': 10, 'Set-Cookie': 'lost' },
        multiValueHeaders: { 'Set-Cookie': ['a=1', 'b=2'] },
        body: 'later',
      });
    const answer = await ask();
    expect(answer.status).toBe(503);
    expect(answer.text).toBe('later');
    expect(answer.headers).toMatchObject({ 'retry-after': '10', 'set-cookie': ['a=1', 'b=2'] });
  });

  it('cannot set headers that belong to the server', async () => {
    run = () => returns({ statusCode: 200, headers: { Server: 'mine', 'Transfer-Encoding': 'chunked' }, body: 'x' });
    const { headers } = await ask();
    expect(headers).toMatchObject({ 'x-amzn-remapped-server': 'mine', 'content-length': '1' });
    expect(headers).not.toHaveProperty('transfer-encoding');
  });

  it('stays base64 if the API has no binary media types', async () => {
    run = () => returns({ statusCode: 200, body: 'aGVsbG8=', isBase64Encoded: true });
    expect((await ask()).text).toBe('aGVsbG8=');
  });

  it.each<[what: string, answer: () => Promise<Invocation>]>([
    ['is null', () => returns(null)],
    ['has no status', () => returns({ body: 'x' })],
    ['has a body that is not a string', () => returns({ statusCode: 200, body: { items: [] } })],
    ['is an error of the handler', () => Promise.resolve({ payload: '{}', functionError: 'Unhandled', log: '' })],
  ])('that %s becomes 502', async (_what, answer) => {
    run = answer;
    const { status, json, headers } = await ask();
    expect(status).toBe(502);
    expect(json()).toEqual({ message: 'Internal server error' });
    expect(headers['x-amzn-errortype']).toBe('InternalServerErrorException');
  });

  it.each([204, 304])('with status %s has no body', async (statusCode) => {
    run = () => returns({ statusCode, body: 'x' });
    expect(await ask()).toMatchObject({ status: statusCode, text: '' });
  });

  it('becomes 500 if Lambda throttles the call', async () => {
    run = () => Promise.reject(new AwsError(429, 'TooManyRequestsException', 'Rate Exceeded.'));
    expect((await ask()).status).toBe(500);
  });
});

describe('binary responses', () => {
  it('are decoded for a caller that accepts a binary media type', async () => {
    await start(changeValues(restApi(), 'aws_api_gateway_rest_api', { binary_media_types: ['image/png'] }));
    run = () => returns({ statusCode: 200, body: 'aGVsbG8=', isBase64Encoded: true });
    expect((await ask({ headers: { 'x-api-key': API_KEY, accept: 'image/png, */*' } })).text).toBe('hello');
    expect((await ask()).text).toBe('aGVsbG8=');
  });
});

describe('a request whose function does not answer in time', () => {
  it('gets 504', async () => {
    await start(changeIntegration(restApi(), { timeoutInMillis: 50 }));
    run = () => new Promise(() => undefined);
    const answer = await ask();
    expect(answer.status).toBe(504);
    expect(answer.json()).toEqual({ message: 'Endpoint request timed out' });
  });
});

describe('gateway responses', () => {
  const rendered = (template: string) => ({ responseTemplates: { 'application/json': template } });

  it('are rendered as applied, and a specific one precedes the default', async () => {
    await start(
      withGatewayResponses(restApi(), {
        MISSING_AUTHENTICATION_TOKEN: {
          statusCode: '404',
          ...rendered('{"error":"no route","id":"$context.requestId"}'),
        },
        DEFAULT_4XX: rendered('{"error":$context.error.messageString}'),
        DEFAULT_5XX: rendered('{"error":"$context.error.message"}'),
      }),
    );
    const lost = await ask({ path: '/live/nothing' });
    expect(lost.status).toBe(404);
    expect(lost.json()).toEqual({ error: 'no route', id: lost.headers['x-amzn-requestid'] });

    const unkeyed = await ask({ headers: {} });
    expect(unkeyed.status).toBe(403);
    expect(unkeyed.json()).toEqual({ error: 'Forbidden' });

    run = () => returns('malformed');
    const broken = await ask();
    expect(broken.status).toBe(502);
    expect(broken.json()).toEqual({ error: 'Internal server error' });
  });

  it('set headers from constants and variables, and distinguish throttling by Lambda from other errors', async () => {
    const busy = {
      statusCode: '503',
      ...rendered('{}'),
      responseParameters: {
        'gatewayresponse.header.Content-Type': "'application/json; charset=utf-8'",
        'gatewayresponse.header.Retry-After': "'1'",
        'gatewayresponse.header.X-Request-Id': 'context.requestId',
      },
    };
    await start(withGatewayResponses(restApi(), { API_CONFIGURATION_ERROR: busy }));
    run = () => Promise.reject(new AwsError(429, 'TooManyRequestsException', 'Rate Exceeded.'));
    const { status, headers } = await ask();
    expect(status).toBe(503);
    expect(headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'retry-after': '1',
      'x-request-id': headers['x-amzn-requestid'],
    });
    run = () => returns('malformed');
    expect((await ask()).status).toBe(502);
  });
});

describe('the access log', () => {
  const format =
    '{"id":"$context.requestId","status":"$context.status","path":"$context.path","bytes":"$context.responseLength",' +
    '"error":"$context.error.message","why":"$context.integration.error","lambda":"$context.integration.integrationStatus","key":"$context.identity.apiKeyId",' +
    '"value":"$context.identity.apiKey","agent":"$context.identity.userAgent","ip":"$context.identity.sourceIp"}';

  const logging = () => changeValues(restApi(), 'aws_api_gateway_stage', { access_log_settings: [{ format }] });
  const accountRole = {
    aws_iam_role: [{ arn: 'arn:aws:iam::123456789012:role/logs' }],
    aws_api_gateway_account: [{ cloudwatch_role_arn: 'arn:aws:iam::123456789012:role/logs' }],
  };

  it.each([
    ['the account has no role for logging', {}],
    ['the account’s role was deleted with the stack that set it', { ...accountRole, aws_iam_role: [] }],
  ])('is not written if %s', async (_why, changed) => {
    await start({ ...logging(), ...changed });
    expect((await ask()).status).toBe(200);
    expect(lines).toEqual([]);
  });

  it('has a line for each request in the stage’s format, without the API key', async () => {
    await start({ ...logging(), ...accountRole });
    const answer = await ask({ headers: { 'x-api-key': API_KEY, 'user-agent': 'a "quoted" one' } });
    run = () => returns('malformed');
    await ask();
    await ask({ headers: { 'x-api-key': 'a-guess' } });
    run = () => Promise.reject(new AwsError(429, 'TooManyRequestsException', 'Rate Exceeded.'));
    await ask();
    expect(lines.map((line): unknown => JSON.parse(line))).toEqual([
      {
        id: answer.headers['x-amzn-requestid'],
        status: '200',
        path: '/live/items',
        bytes: '12',
        error: '-',
        why: '-',
        lambda: '200',
        key: 'key1',
        value: '-',
        agent: 'a "quoted" one',
        ip: '198.51.100.1',
      },
      expect.objectContaining({
        status: '502',
        error: 'Internal server error',
        why: 'Malformed Lambda proxy response',
      }),
      expect.objectContaining({ status: '403', error: 'Forbidden', key: '-' }),
      expect.objectContaining({ status: '500', why: 'Rate Exceeded.', lambda: '429' }),
    ]);
    expect(lines.join()).not.toContain(API_KEY);
  });
});

describe('a changed API', () => {
  it('is served on the same port from then on', async () => {
    await start(restApi());
    expect((await ask()).status).toBe(200);
    gateway?.update(appliedOf({ ...restApi(), aws_api_gateway_usage_plan_key: [] }));
    expect((await ask()).status).toBe(403);
  });
});

describe('an unsupported API', () => {
  it('is rejected at the start', async () => {
    const resources = withGatewayResponses(restApi(), {
      THROTTLED: { responseTemplates: { 'application/json': '#set($x = 1){"error":"$x"}' } },
    });
    await expect(start(resources)).rejects.toThrow(/template of the gateway response THROTTLED/);
  });
});
