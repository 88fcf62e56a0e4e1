import { ROUTE_NAMES, routeOf, userOf, type Route, type RouteUserName } from '../../contract/routes';
import { SettingsError } from '../settings/problem';

type Requirement = readonly [name: RouteUserName, login: 'password' | 'iam', reason: string];

/**
 * Checks that the user of each declared route logs in to the instance in the way that the route needs. Otherwise the deployment would fail
 * only at its end, in the login check.
 *
 * @param declared the routes to check. @default - every route of the API
 * @throws SettingsError with a line for each wrong user.
 */
export function checkDeclaredLogins(declared: readonly Route[] = ROUTE_NAMES.map(routeOf)): void {
  const mistakes = declared.flatMap((route) =>
    requirementsOf(route).flatMap(([name, login, reason]) => {
      const user = route.users[name] ?? userOf(name);
      if (user.login === login) return [];
      return `The route ${route.path} logs in as the user ${name}, which must have login '${login}', got '${user.login}': ${reason}. Change the user's login in contract/routes, or choose another user.`;
    }),
  );
  if (mistakes.length > 0) throw new SettingsError(mistakes.join('\n'));
}

function requirementsOf({ login }: Route): readonly Requirement[] {
  if (login === undefined) return [];
  if (login.at === 'instance') {
    const way = login.by === 'iam' ? 'IAM' : 'password';
    return [[login.as, login.by, `the function logs in to the instance by ${way}`]];
  }
  const behindProxy = [
    login.as,
    'password',
    `the ${login.at} logs in to the instance with the user's password`,
  ] as const;
  if (login.at === 'password-proxy') return [behindProxy];
  const reason = "with proxies.iam.upstream 'iam', the proxy logs in to the instance by IAM";
  return [behindProxy, [login.asWithEndToEndIam, 'iam', reason]];
}
