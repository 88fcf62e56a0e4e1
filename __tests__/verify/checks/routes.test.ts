import { ROUTE_NAMES, routeOf } from '../../../contract/routes';
import { firstRequest, pagedListOf, storesTime } from '../../../verify/checks/routes';

const PATHS = ROUTE_NAMES.map((name) => routeOf(name).path);

describe('a declared route', () => {
  it('has a list of pages if its declaration has one, so that a new route is checked without a change here', () => {
    expect(PATHS.map((path) => [path, pagedListOf(path)])).toEqual([
      ['/func1', 'timestamps'],
      ['/func2', 'timestamps'],
      ['/items', 'items'],
      ['/', undefined],
      ['/auth-matrix', undefined],
    ]);
  });

  it.each(PATHS)('takes limit and cursor exactly if it has pages: %s', (path) => {
    const name = ROUTE_NAMES.find((one) => routeOf(one).path === path) ?? 'items';
    const { parameters = [] } = routeOf(name).operation;
    expect(parameters.map((parameter) => parameter.name)).toEqual(
      pagedListOf(path) === undefined ? [] : ['limit', 'cursor'],
    );
  });

  it('is first read with one row if it stores the time', () => {
    expect(PATHS.filter(storesTime)).toEqual(['/func1', '/func2']);
    expect(PATHS.map(firstRequest)).toEqual(['/func1?limit=1', '/func2?limit=1', '/items', '/', '/auth-matrix']);
  });
});

describe('an unknown route', () => {
  it('has no list and stores nothing', () => {
    expect([pagedListOf('/other'), storesTime('/other')]).toEqual([undefined, false]);
  });
});
