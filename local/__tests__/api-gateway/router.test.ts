import { Router } from '../../api-gateway/router';

/** Makes a route. Its method and path identify it in place of an ARN. */
const route = (method: string, resourcePath: string) => ({
  method,
  resourcePath,
  resourceId: resourcePath,
  apiKeyRequired: false,
  functionArn: `${method} ${resourcePath}`,
  timeoutMs: 1,
});

const router = new Router([
  route('ANY', '/{proxy+}'),
  route('GET', '/'),
  route('ANY', '/items/{id}'),
  route('GET', '/items/{id}'),
  route('GET', '/items/new'),
  route('GET', '/items'),
]);

describe('the router', () => {
  it.each([
    ['GET', '/', 'GET /', null],
    ['GET', '/items', 'GET /items', null],
    ['GET', '/items/', 'GET /items', null],
    ['GET', '/items/new', 'GET /items/new', null],
    ['GET', '/items/7', 'GET /items/{id}', { id: '7' }],
    ['DELETE', '/items/a%20b', 'ANY /items/{id}', { id: 'a b' }],
    ['GET', '/items/%zz', 'GET /items/{id}', { id: '%zz' }],
    ['POST', '/items', 'ANY /{proxy+}', { proxy: 'items' }],
    ['GET', '/a/b/c', 'ANY /{proxy+}', { proxy: 'a/b/c' }],
  ])('finds the most specific route for %s %s', (method, path, expected, pathParameters) => {
    const match = router.find(method, path);
    expect(match?.route.functionArn).toBe(expected);
    expect(match?.pathParameters).toEqual(pathParameters);
  });

  it('prefers the path with the earlier literal segment, in whatever order the routes are', () => {
    const routes = [route('GET', '/{kind}/new'), route('GET', '/items/{id}')];
    for (const ordered of [routes, routes.toReversed()])
      expect(new Router(ordered).find('GET', '/items/new')?.route.functionArn).toBe('GET /items/{id}');
  });

  it('prefers the longer of two greedy paths, even if only the shorter one names the method of the request', () => {
    const greedy = new Router([route('GET', '/{proxy+}'), route('ANY', '/items/{proxy+}')]);
    expect(greedy.find('GET', '/items/7')?.route.functionArn).toBe('ANY /items/{proxy+}');
  });

  it('finds no route if none matches', () => {
    expect(router.find('POST', '/')).toBeUndefined();
    expect(new Router([route('GET', '/items')]).find('GET', '/items/7')).toBeUndefined();
    expect(new Router([route('GET', '/items')]).find('GET', '/')).toBeUndefined();
  });
});
