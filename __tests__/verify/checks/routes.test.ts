import { API_HOST, standInForAllTests } from '../../support/deployment-stand-in';
import { ROUTE_NAMES, routeOf } from '../../../contract/routes';
import { SHIPPED_PATHS } from '../../support/shipped-routes';
import { firstRequest, pagedListOf, storesTime } from '../../../verify/checks/routes';

const standIn = standInForAllTests();

describe('a declared route', () => {
  it('has the paged list that its response schema declares, if any', () => {
    expect(SHIPPED_PATHS.map((path) => [path, pagedListOf(path)])).toEqual([
      ['/func1', 'timestamps'],
      ['/func2', 'timestamps'],
      ['/items', 'items'],
      ['/', undefined],
      ['/auth-matrix', undefined],
    ]);
  });

  it.each(ROUTE_NAMES)('takes limit and cursor if it has a paged list: %s', (route) => {
    const { path, operation } = routeOf(route);
    const names = (operation.parameters ?? []).map(({ name }) => name);
    const needed = pagedListOf(path) === undefined ? [] : ['limit', 'cursor'];
    expect(names).toEqual(expect.arrayContaining(needed));
  });

  it.each(ROUTE_NAMES)(
    'requires no parameter, because the verification sends none but limit and cursor: %s',
    (route) => {
      const required = (routeOf(route).operation.parameters ?? []).filter((parameter) => parameter.required === true);
      expect(required.map(({ name }) => name)).toEqual([]);
    },
  );

  it('is first requested with limit=1 if it stores the time of each call', () => {
    expect(SHIPPED_PATHS.filter(storesTime)).toEqual(['/func1', '/func2']);
    expect(SHIPPED_PATHS.map(firstRequest)).toEqual([
      '/func1?limit=1',
      '/func2?limit=1',
      '/items',
      '/',
      '/auth-matrix',
    ]);
  });
});

describe('an undeclared route', () => {
  it('has no paged list and stores no time', () => {
    expect([pagedListOf('/other'), storesTime('/other')]).toEqual([undefined, false]);
  });
});

describe('the check of routes', () => {
  it('reports a route that does not answer HEAD', async () => {
    const seen = await standIn().unexpectedResults((reply, { host, method, path }) => {
      if (host === API_HOST && method === 'HEAD' && path === '/auth-matrix') reply.status = 404;
    });
    expect(seen).toEqual({ 'HEAD /auth-matrix': '404' });
  });

  it('reports a route that answers over plain HTTP', async () => {
    const seen = await standIn().unexpectedResults((reply) => {
      if (reply.status === 301) Object.assign(reply, { status: 200, headers: {} });
    });
    expect(seen).toEqual({
      'GET /items without TLS': '200 without a redirect',
      'GET /func1 without TLS': '200 without a redirect',
      'GET /auth-matrix without TLS': '200 without a redirect',
      'GET / without TLS': '200 without a redirect',
    });
  });

  it('reports a time that is not stored', async () => {
    const seen = await standIn().unexpectedResults((reply, { path }) => {
      if (path === '/func1') reply.body = reply.body.replace('"recorded":"2026', '"recorded":"2027');
    });
    expect(seen).toEqual({
      'GET /func1?limit=1 stores the time': 'recorded 2027-01-08T00:00:00.000Z, timestamps[0] 2026-01-08T00:00:00.000Z',
    });
  });
});
