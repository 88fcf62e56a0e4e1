import type { APIGatewayProxyResult, Context } from 'aws-lambda';
import { DatabaseUnavailable, LoginRefused } from '../../../../functions/shared/database/errors';
import {
  BadRequest,
  httpHandler,
  refuseUnknownParameters,
  type Request,
} from '../../../../functions/shared/http/http-handler';

const event = (fields: object = {}): object => ({
  httpMethod: 'GET',
  requestContext: { requestId: 'id of API Gateway' },
  ...fields,
});

const context = { awsRequestId: 'id of Lambda' } as Context;

const echo = httpHandler((request: Request) => Promise.resolve(request));

const routeWithPage = httpHandler(
  () => Promise.resolve({ a: 1 }),
  () => ({ html: '<p>1</p>', contentSecurityPolicy: "default-src 'none'" }),
);

const answerAfter = (error: Error): Promise<APIGatewayProxyResult> =>
  httpHandler(() => Promise.reject(error))(event(), context);

let logged: string;

beforeEach(() => {
  logged = '';
  jest.spyOn(process.stdout, 'write').mockImplementation((line) => {
    logged += String(line);
    return true;
  });
});

afterEach(() => void jest.restoreAllMocks());

describe('a request', () => {
  it('reaches the route with its parameters, its method and the request id of API Gateway', async () => {
    const answer = await echo(event({ multiValueQueryStringParameters: { limit: ['2'] } }), context);
    expect(answer).toEqual({
      statusCode: 200,
      headers: {
        'cache-control': 'no-store',
        'x-request-id': 'id of API Gateway',
        'content-type': 'application/json; charset=utf-8',
      },
      body: JSON.stringify({ query: { limit: '2' }, requestId: 'id of API Gateway', method: 'GET' }),
    });
  });

  it('has Lambda’s request id if API Gateway sends none', async () => {
    const { headers } = await echo(event({ requestContext: {} }), context);
    expect(headers).toMatchObject({ 'x-request-id': 'id of Lambda' });
  });

  it('by HEAD gets the headers of GET and no body', async () => {
    const [get, head] = [await echo(event(), context), await echo(event({ httpMethod: 'HEAD' }), context)];
    expect(head).toEqual({ ...get, body: '' });
  });

  it.each([
    ['given twice', { limit: ['1', '2'] }, 'limit must be given once'],
    [
      'named __proto__',
      JSON.parse('{"__proto__": ["1"]}') as object,
      'Unknown parameter "__proto__". This route has none.',
    ],
  ])('is refused for a parameter %s', async (_what, multiValueQueryStringParameters, message) => {
    const strict = httpHandler(({ query }) => {
      refuseUnknownParameters(query);
      return Promise.resolve({});
    });
    const { statusCode, body } = await strict(event({ multiValueQueryStringParameters }), context);
    expect(statusCode).toBe(400);
    expect((JSON.parse(body) as { error: string }).error).toContain(message);
  });

  it.each([
    undefined,
    null,
    'text',
    {},
    { httpMethod: null, requestContext: null },
    { httpMethod: 'GET', multiValueQueryStringParameters: { limit: '1' } },
    { httpMethod: 'GET', multiValueHeaders: { accept: [1] } },
    { httpMethod: 'GET', multiValueHeaders: 'accept' },
  ])('is refused if API Gateway did not send it: %j', async (otherEvent) => {
    const { statusCode, body } = await echo(otherEvent, context);
    expect(statusCode).toBe(400);
    expect(body).toContain(
      'This function answers requests of API Gateway. Call the URL of the API instead of the function',
    );
  });
});

describe('a route with a page', () => {
  const answerTo = (...accept: string[]) => routeWithPage(event({ multiValueHeaders: { Accept: accept } }), context);

  it.each(['accept', 'ACCEPT'])(
    'answers HTML with a content security policy if the header %s prefers HTML',
    async (name) => {
      expect(await routeWithPage(event({ multiValueHeaders: { [name]: ['text/html'] } }), context)).toMatchObject({
        statusCode: 200,
        headers: {
          'content-type': 'text/html; charset=utf-8',
          'content-security-policy': "default-src 'none'",
          vary: 'accept',
        },
        body: '<p>1</p>',
      });
    },
  );

  it('answers JSON, with Vary: Accept, to callers that do not prefer HTML', async () => {
    expect(await answerTo('*/*')).toMatchObject({ headers: { vary: 'accept' }, body: '{"a":1}' });
    expect(await routeWithPage(event(), context)).toMatchObject({ headers: { vary: 'accept' }, body: '{"a":1}' });
  });

  it('reads an Accept header that is sent in several lines', async () => {
    expect(await answerTo('application/json;q=0.1', 'text/html')).toMatchObject({ body: '<p>1</p>' });
  });
});

describe('an error of a route', () => {
  it.each([
    [new BadRequest('limit must be 1'), 400, 'limit must be 1'],
    [
      new DatabaseUnavailable('db:3306 is unavailable'),
      503,
      'The database is unavailable at the moment. Try again later.',
    ],
    [new LoginRefused('db refused', ['the policy'], {}), 502, 'The database refused the login of this service.'],
    [new Error('near SELECT secret'), 500, 'The request failed.'],
  ])('is answered with a status and no internal detail: %s', async (error, statusCode, message) => {
    const answer = await answerAfter(error);
    expect(answer.statusCode).toBe(statusCode);
    expect(JSON.parse(answer.body)).toEqual({ error: message, requestId: 'id of API Gateway' });
  });

  it('is answered with a Retry-After header only if the database is unavailable', async () => {
    expect((await answerAfter(new DatabaseUnavailable('no answer'))).headers).toMatchObject({ 'retry-after': '10' });
    for (const error of [new Error('wrong'), new BadRequest('wrong'), new LoginRefused('refused')]) {
      expect((await answerAfter(error)).headers).not.toHaveProperty('retry-after');
    }
  });

  it('is logged with the request id and what to check, unless the caller made a mistake', async () => {
    await answerAfter(new LoginRefused('db refused', ['the policy'], { cause: new Error('of the server') }));
    expect(JSON.parse(logged)).toMatchObject({
      level: 'error',
      requestId: 'id of API Gateway',
      reason: 'db refused',
      check: ['the policy'],
      cause: { reason: 'of the server' },
    });
    logged = '';
    await answerAfter(new BadRequest('wrong'));
    expect(logged).toBe('');
  });
});
