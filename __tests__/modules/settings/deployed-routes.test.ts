import type { TargetName } from '../../../contract/logins';
import { ROUTE_NAMES, type RouteUserName } from '../../../contract/routes';
import { deployedRoutes, isUserDeployed, routesAs, usersAt } from '../../../modules/settings/deployed-routes';
import { parseSettings, type Environment } from '../../../modules/settings/settings';
import { ADDED_USER_KEYS, SHIPPED_ROUTES } from '../../support/shipped-routes';
import { endToEndIam, allFeatures, noFeatures } from '../../support/stack';

const withProxies = (proxies: Environment['proxies']): Environment => ({ ...allFeatures, proxies });

describe('the deployed routes', () => {
  it.each<[string, string[], Environment]>([
    ['all features', ['func1', 'func2', 'items', 'users', 'authMatrix'], allFeatures],
    ['no password proxy', ['func2', 'items', 'users', 'authMatrix'], withProxies({ password: { enabled: false } })],
    ['no IAM proxy', ['func1', 'items', 'users', 'authMatrix'], withProxies({ iam: { enabled: false } })],
    ['no public API', ['func1', 'func2', 'items', 'authMatrix'], { ...allFeatures, publicApi: {} }],
    ['no features', [], noFeatures],
  ])('with %s are %j', (_what, routes, environment) => {
    // The filter ignores routes that are added to the project later.
    expect(deployedRoutes(parseSettings(environment)).filter((name) => SHIPPED_ROUTES.includes(name))).toEqual(routes);
  });

  it('with all features are all declared routes', () => {
    expect(deployedRoutes(parseSettings(allFeatures))).toEqual(ROUTE_NAMES);
  });
});

describe('the user of /func2', () => {
  const shippedUsersAt = (target: TargetName, environment: Environment) =>
    usersAt(target, parseSettings(environment)).filter((user) => !ADDED_USER_KEYS.includes(user));

  it('is the user of /func1 if the IAM proxy logs in to the instance by password', () => {
    expect(shippedUsersAt('iam-proxy', allFeatures)).toEqual(['timestamps']);
    expect(routesAs(parseSettings(allFeatures), 'timestamps')).toEqual(['func1', 'func2']);
  });

  it('is a separate user if the IAM proxy logs in to the instance by IAM', () => {
    expect(shippedUsersAt('iam-proxy', endToEndIam)).toEqual(['timestampsIam']);
    expect(routesAs(parseSettings(endToEndIam), 'timestampsIam')).toEqual(['func2']);
  });
});

describe('the route user', () => {
  it.each<[user: RouteUserName, condition: string, environment: Environment]>([
    ['items', 'if its route is deployed', allFeatures],
    ['timestamps', 'if one of its two routes is deployed', withProxies({ password: { enabled: false } })],
    ['matrixIam', 'if /auth-matrix is deployed', allFeatures],
    ['matrixPassword', 'even if IAM authentication is off', { ...noFeatures, authMatrix: { enabled: true } }],
  ])('%s exists %s', (user, _condition, environment) => {
    expect(isUserDeployed(parseSettings(environment), user)).toBe(true);
  });

  it.each<[user: RouteUserName, condition: string, environment: Environment]>([
    ['usersReader', 'its route is not deployed', { ...allFeatures, publicApi: {} }],
    ['matrixIam', '/auth-matrix is not deployed', { ...allFeatures, authMatrix: { enabled: false } }],
    ['matrixIam', 'IAM authentication is off', { ...noFeatures, authMatrix: { enabled: true } }],
  ])('%s does not exist if %s', (user, _condition, environment) => {
    expect(isUserDeployed(parseSettings(environment), user)).toBe(false);
  });
});
