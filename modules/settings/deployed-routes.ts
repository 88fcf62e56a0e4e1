import type { TargetName } from '../../contract/logins';
import {
  ROUTE_NAMES,
  routeOf,
  userOf,
  type RouteLogin,
  type RouteName,
  type RouteUserName,
} from '../../contract/routes';
import type { ParsedSettings } from './rules/rule';

/** Returns whether the IAM proxy is deployed and logs in to the instance by IAM, without a secret. */
export const isEndToEnd = ({ proxies: { iam } }: Pick<ParsedSettings, 'proxies'>): boolean =>
  iam.enabled && iam.upstream === 'iam';

/** Returns the deployed routes. `/auth-matrix`, the only route without a declared login, has its own switch. */
export const deployedRoutes = (settings: ParsedSettings): readonly RouteName[] =>
  ROUTE_NAMES.filter((name) => {
    const { login } = routeOf(name);
    return login ? isPossible(login, settings) : settings.authMatrix.enabled;
  });

/** Returns whether everything that a login needs is deployed. */
function isPossible({ at, by, inVpc }: RouteLogin, { proxies, database, publicApi }: ParsedSettings): boolean {
  if (at === 'password-proxy') return proxies.password.enabled;
  if (at === 'iam-proxy') return proxies.iam.enabled;
  if (!inVpc) return publicApi.enabled;
  return by === 'password' || database.iamAuthentication;
}

/** Returns the user that a route logs in as. The result is the user's name in the settings, not the name in MySQL. */
export const loginUser = (login: RouteLogin, settings: Pick<ParsedSettings, 'proxies'>): RouteUserName =>
  login.at === 'iam-proxy' && isEndToEnd(settings) ? login.asWithEndToEndIam : login.as;

/** Returns the users with which deployed routes log in to an endpoint. Omits the users of `/auth-matrix`. */
export const usersAt = (target: TargetName, settings: ParsedSettings): readonly RouteUserName[] => {
  const logins = deployedRoutes(settings).map((name) => routeOf(name).login);
  return [...new Set(logins.flatMap((login) => (login?.at === target ? [loginUser(login, settings)] : [])))];
};

/** Returns the deployed routes that declare a login as this user. */
export const routesAs = (settings: ParsedSettings, user: RouteUserName): readonly RouteName[] =>
  deployedRoutes(settings).filter((name) => {
    const { login } = routeOf(name);
    return login !== undefined && loginUser(login, settings) === user;
  });

/** Returns whether a user exists: a deployed route needs it, and the instance supports its kind of login. */
export function isUserDeployed(settings: ParsedSettings, user: RouteUserName): boolean {
  // Without IAM authentication the instance lacks the plugin for IAM logins, so the user cannot be created.
  if (userOf(user).login === 'iam' && !settings.database.iamAuthentication) return false;
  if (user in routeOf('authMatrix').users) return settings.authMatrix.enabled;
  return routesAs(settings, user).length > 0;
}
