import { isBinary, proxyEvent, type ProxyCall } from '../../api-gateway/proxy-event';
import { readRestApi } from '../../api-gateway/rest-api';
import { appliedOf, restApi } from '../support/http-state';

const api = readRestApi(appliedOf(restApi()));

/** Makes the event of GET /items, with changes to the request and to the rest of the call. */
function eventOf(request: object, change: Partial<ProxyCall> = {}): any {
  const [route] = api.routes;
  return proxyEvent({
    api,
    stage: api.stages.get('live'),
    match: { route, pathParameters: null },
    apiKeyId: undefined,
    body: undefined,
    ...change,
    request: {
      path: '/items',
      fullPath: '/live/items',
      query: '',
      headers: [],
      sourceIp: '198.51.100.1',
      receivedAt: new Date(0),
      apiKey: 'the key',
      ...request,
    },
  } as unknown as ProxyCall);
}

describe('the event of a request', () => {
  it('has null query parameters if the URL has none', () => {
    expect(eventOf({})).toMatchObject({ queryStringParameters: null, multiValueQueryStringParameters: null });
  });

  it('has API Gateway’s forwarding headers, with the caller’s address at the end of X-Forwarded-For', () => {
    const forged = [
      ['X-Forwarded-For', '192.0.2.1'],
      ['x-forwarded-proto', 'http'],
    ];
    expect(eventOf({ headers: forged }).multiValueHeaders).toMatchObject({
      'X-Forwarded-For': ['192.0.2.1, 198.51.100.1'],
      'X-Forwarded-Proto': ['https'],
      'X-Forwarded-Port': ['443'],
    });
  });

  it('has the API key only if the call has the id of an API key', () => {
    expect(eventOf({}).requestContext.identity).not.toHaveProperty('apiKey');
    expect(eventOf({}, { apiKeyId: 'key1' }).requestContext.identity).toMatchObject({
      apiKey: 'the key',
      apiKeyId: 'key1',
    });
  });
});

describe('a Content-Type or Accept', () => {
  it.each([
    ['image/png', ['image/png']],
    ['image/png; q=1', ['image/png']],
    ['image/png, */*', ['image/png']],
    ['text/plain', ['*/*']],
  ])('of %s is binary with the binary media types %j', (value, binaryMediaTypes) => {
    expect(isBinary({ ...api, binaryMediaTypes }, value)).toBe(true);
  });

  it.each(['text/plain', undefined])('of %s is not binary with the binary media types ["image/png"]', (value) => {
    expect(isBinary({ ...api, binaryMediaTypes: ['image/png'] }, value)).toBe(false);
  });
});
