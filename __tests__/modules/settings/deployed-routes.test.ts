import { ROUTE_NAMES, type RouteUserName } from '../../../contract/routes';
import { deployedRoutes, isUserDeployed, routesAs, usersAt } from '../../../modules/settings/deployed-routes';
import { parseSettings, type Environment } from '../../../modules/settings/settings';
import { NAMED_ROUTES } from '../../support/named-routes';
import { endToEnd, everything, nothing } from '../../support/stack';

const without = (proxies: Environment['proxies']): Environment => ({ ...everything, proxies });

describe('the deployed routes', () => {
  it.each<[string, Environment, string[]]>([
    ['everything', everything, ['func1', 'func2', 'items', 'users', 'authMatrix']],
    ['no password proxy', without({ password: { enabled: false } }), ['func2', 'items', 'users', 'authMatrix']],
    ['no IAM proxy', without({ iam: { enabled: false } }), ['func1', 'items', 'users', 'authMatrix']],
    ['no public API', { ...everything, publicApi: {} }, ['func1', 'func2', 'items', 'authMatrix']],
    ['nothing', nothing, []],
  ])('with %s are those whose login is possible', (_what, environment, routes) => {
    expect(deployedRoutes(parseSettings(environment)).filter((name) => NAMED_ROUTES.includes(name))).toEqual(routes);
  });
});

describe('every declared route', () => {
  it('is deployed with everything on', () => {
    expect(deployedRoutes(parseSettings(everything))).toEqual(ROUTE_NAMES);
  });
});

describe('the user of /func2', () => {
  it('is that of /func1, whose password the proxy uses', () => {
    expect(usersAt('iam-proxy', parseSettings(everything))).toEqual(['timestamps']);
    expect(routesAs(parseSettings(everything), 'timestamps')).toEqual(['func1', 'func2']);
  });

  it('is its own if the proxy logs in by IAM', () => {
    expect(usersAt('iam-proxy', parseSettings(endToEnd))).toEqual(['timestampsIam']);
    expect(routesAs(parseSettings(endToEnd), 'timestampsIam')).toEqual(['func2']);
  });
});

describe('a user of a route', () => {
  it.each<[RouteUserName, string, Environment, boolean]>([
    ['items', 'its route is deployed', everything, true],
    ['usersReader', 'its route is not deployed', { ...everything, publicApi: {} }, false],
    ['timestamps', 'one of two routes is deployed', without({ password: { enabled: false } }), true],
    ['matrixIam', 'the matrix is deployed', everything, true],
    ['matrixIam', 'the matrix is off', { ...everything, authMatrix: { enabled: false } }, false],
    ['matrixIam', 'the instance has no plugin', { ...nothing, authMatrix: { enabled: true } }, false],
    ['matrixPassword', 'the instance has no plugin', { ...nothing, authMatrix: { enabled: true } }, true],
  ])('%s exists or not if %s', (user, _why, environment, exists) => {
    expect(isUserDeployed(parseSettings(environment), user)).toBe(exists);
  });
});
