import { ROUTE_NAMES, routeOf, type Route, type RouteName } from '../../../contract/routes';
import { checkDeclaredLogins } from '../../../modules/routes/declared-logins';

/** Returns a declared route whose users log in to the instance in this way. */
function withUsers(name: RouteName, login: 'password' | 'iam'): Route {
  const route = routeOf(name);
  const users = Object.entries(route.users).map(([key, user]) => [key, { ...user, login }] as const);
  return { ...route, users: Object.fromEntries(users) };
}

describe('the users of the declared routes', () => {
  it('log in to the instance in the way that their routes need', () => {
    expect(() => checkDeclaredLogins(ROUTE_NAMES.map(routeOf))).not.toThrow();
  });

  it('are rejected if they lack the password with which a proxy logs in', () => {
    expect(() => checkDeclaredLogins([withUsers('func1', 'iam')])).toThrow(
      "The route /func1 logs in as the user timestamps, which must have login 'password', got 'iam': the password-proxy logs in to the instance with the user's password. Change the user's login in contract/routes, or choose another user.",
    );
  });

  it('are rejected if they have a password, but the proxy logs in to the instance by IAM', () => {
    expect(() => checkDeclaredLogins([withUsers('func2', 'password')])).toThrow(
      /\/func2 logs in as the user timestampsIam, which must have login 'iam', got 'password': with proxies\.iam\.upstream 'iam'/,
    );
  });

  it('are rejected if they cannot log in to the instance as the function does', () => {
    expect(() => checkDeclaredLogins([withUsers('items', 'password')])).toThrow(
      /\/items logs in as the user items, which must have login 'iam', got 'password': the function logs in to the instance by IAM/,
    );
  });

  it('are all reported in one error', () => {
    const wrong = [withUsers('func1', 'iam'), withUsers('items', 'password')];
    expect(() => checkDeclaredLogins(wrong)).toThrow(/\/func1 .*\n.*\/items /);
  });
});
