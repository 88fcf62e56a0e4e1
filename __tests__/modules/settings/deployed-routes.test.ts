import { ROUTE_NAMES, type RouteUserName } from '../../../contract/routes';
import { deployedRoutes, isUserDeployed, routesAs, usersAt } from '../../../modules/settings/deployed-routes';
import { parseSettings, type Environment } from '../../../modules/settings/settings';
import { SHIPPED_ROUTES } from '../../support/shipped-routes';
import { endToEndIam, allFeatures, noFeatures } from '../../support/stack';

const withProxies = (proxies: Environment['proxies']): Environment => ({ ...allFeatures, proxies });

describe('the deployed routes', () => {
  it.each<[string, Environment, string[]]>([
    ['all features', allFeatures, ['func1', 'func2', 'items', 'users', 'authMatrix']],
    ['no password proxy', withProxies({ password: { enabled: false } }), ['func2', 'items', 'users', 'authMatrix']],
    ['no IAM proxy', withProxies({ iam: { enabled: false } }), ['func1', 'items', 'users', 'authMatrix']],
    ['no public API', { ...allFeatures, publicApi: {} }, ['func1', 'func2', 'items', 'authMatrix']],
    ['no features', noFeatures, []],
  ])(
    'with %s are those whose login has everything that it needs, and /auth-matrix unless it is off',
    (_what, environment, routes) => {
      // The filter ignores routes that are added to the project later.
      expect(deployedRoutes(parseSettings(environment)).filter((name) => SHIPPED_ROUTES.includes(name))).toEqual(
        routes,
      );
    },
  );

  it('with all features are all declared routes', () => {
    expect(deployedRoutes(parseSettings(allFeatures))).toEqual(ROUTE_NAMES);
  });
});

describe('the user of /func2', () => {
  it('is the user of /func1 if the IAM proxy logs in to the instance with the password of that user', () => {
    expect(usersAt('iam-proxy', parseSettings(allFeatures))).toEqual(['timestamps']);
    expect(routesAs(parseSettings(allFeatures), 'timestamps')).toEqual(['func1', 'func2']);
  });

  it('is a separate user if the IAM proxy logs in to the instance by IAM', () => {
    expect(usersAt('iam-proxy', parseSettings(endToEndIam))).toEqual(['timestampsIam']);
    expect(routesAs(parseSettings(endToEndIam), 'timestampsIam')).toEqual(['func2']);
  });
});

describe('a user of a route', () => {
  it.each<[user: RouteUserName, why: string, exists: boolean, environment: Environment]>([
    ['items', 'its route is deployed', true, allFeatures],
    ['usersReader', 'its route is not deployed', false, { ...allFeatures, publicApi: {} }],
    ['timestamps', 'one of its two routes is deployed', true, withProxies({ password: { enabled: false } })],
    ['matrixIam', '/auth-matrix is deployed', true, allFeatures],
    ['matrixIam', '/auth-matrix is not deployed', false, { ...allFeatures, authMatrix: { enabled: false } }],
    ['matrixIam', 'IAM authentication is off', false, { ...noFeatures, authMatrix: { enabled: true } }],
    ['matrixPassword', 'IAM authentication is off', true, { ...noFeatures, authMatrix: { enabled: true } }],
  ])('%s (%s) exists: %s', (user, _why, exists, environment) => {
    expect(isUserDeployed(parseSettings(environment), user)).toBe(exists);
  });
});
