import { ROUTE_NAMES, routeOf, userOf, type Route, type RouteUserName } from '../../contract/routes';
import { SettingsError } from '../settings/problem';

type Requirement = readonly [name: RouteUserName | undefined, login: 'password' | 'iam', reason: string];

/**
 * Checks that the user of each declared route logs in to the instance in the way that the route needs. Otherwise the deployment would
 * succeed, and each call of the route would fail.
 *
 * @param declared the routes to check. @default - every route of the API
 * @throws SettingsError with a line for each wrong user.
 */
export function checkDeclaredLogins(declared: readonly Route[] = ROUTE_NAMES.map(routeOf)): void {
  const mistakes = declared.flatMap((route) =>
    requirementsOf(route).flatMap(([name, login, reason]) => {
      if (name === undefined) return [];
      const user = route.users[name] ?? userOf(name);
      if (user.login === login) return [];
      return `The route ${route.path} logs in as the user ${name}, which must have login '${login}', got '${user.login}': ${reason}. Change the user's login in contract/routes, or choose another user.`;
    }),
  );
  if (mistakes.length > 0) throw new SettingsError(mistakes.join('\n'));
}

function requirementsOf({ login }: Route): readonly Requirement[] {
  if (login === undefined) return [];
  const { at, by, as, asWithEndToEndIam } = login;
  if (at === 'instance')
    return [[as, by, `the function logs in to the instance by ${by === 'iam' ? 'IAM' : 'password'}`]];
  return [
    [as, 'password', `the ${at} logs in to the instance with the user's password`],
    [asWithEndToEndIam, 'iam', "with proxies.iam.upstream 'iam', the proxy logs in to the instance by IAM"],
  ];
}
