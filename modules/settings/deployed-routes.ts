import { ROUTE_NAMES, routeOf, userOf, type Login, type RouteName, type RouteUserName } from '../../contract/routes';
import { isEndToEnd } from './end-to-end';
import type { ParsedSettings } from './rules/rule';

/** The routes that the settings deploy. A route whose login is not declared has a switch of its own. */
export const deployedRoutes = (settings: ParsedSettings): readonly RouteName[] =>
  ROUTE_NAMES.filter((name) => {
    const { login } = routeOf(name);
    return login ? isPossible(login, settings) : settings.authMatrix.enabled;
  });

/** Whether what a login needs is deployed. */
function isPossible({ at, by, inVpc }: Login, { proxies, database, publicApi }: ParsedSettings): boolean {
  if (at === 'password-proxy') return proxies.password.enabled;
  if (at === 'iam-proxy') return proxies.iam.enabled;
  return inVpc ? by === 'password' || database.iamAuthentication : publicApi.enabled;
}

/** The user that a route logs in as. */
export const loginUser = ({ at, as, asEndToEnd }: Login, settings: Pick<ParsedSettings, 'proxies'>): RouteUserName =>
  at === 'iam-proxy' && asEndToEnd !== undefined && isEndToEnd(settings) ? asEndToEnd : as;

/** The deployed routes that log in as a user. */
export const routesAs = (settings: ParsedSettings, user: RouteUserName): readonly RouteName[] =>
  deployedRoutes(settings).filter((name) => {
    const { login } = routeOf(name);
    return login !== undefined && loginUser(login, settings) === user;
  });

/** Whether a user exists: a deployed route needs it, and the instance takes its way to log in. */
export function isUserDeployed(settings: ParsedSettings, user: RouteUserName): boolean {
  // Without IAM authentication the plugin is not loaded, and such a user cannot be made.
  if (userOf(user).login === 'iam' && !settings.database.iamAuthentication) return false;
  if (user in routeOf('authMatrix').users) return settings.authMatrix.enabled;
  return routesAs(settings, user).length > 0;
}
