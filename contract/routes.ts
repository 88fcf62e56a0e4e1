import type { LoginDeclaration, RouteDeclaration, UserDeclaration } from './route';
import { authMatrix } from './routes/auth-matrix';
import { func1 } from './routes/func1';
import { func2 } from './routes/func2';
import { items } from './routes/items';
import { users } from './routes/users';

/** Every route of the API, by its name in the settings. The settings decide which of them a deployment has. */
export const ROUTES = {
  func1,
  func2,
  items,
  users,
  authMatrix,
} as const;

export type RouteName = keyof typeof ROUTES;
type Declared = (typeof ROUTES)[RouteName];
export type ApiPath = Declared['path'];

type KeyOfEach<T> = T extends unknown ? keyof T : never;
/** Name that the settings use for a database user of a route: `timestampsIam` for MySQL's `timestamps_iam`. */
export type RouteUserName = KeyOfEach<Declared['users']>;

/** A declared route. Its login can use only declared users. */
export interface Route extends RouteDeclaration {
  readonly path: ApiPath;
  readonly login?: RouteLogin;
}

export type RouteLogin = LoginDeclaration & {
  readonly as: RouteUserName;
  readonly asWithEndToEndIam?: RouteUserName | undefined;
};

// With this type, a route that logs in as an undeclared user does not compile.
const routes: Readonly<Record<RouteName, Route>> = ROUTES;
const routeUsers = Object.assign({}, ...Object.values(routes).map((route) => route.users)) as Readonly<
  Record<RouteUserName, UserDeclaration>
>;

/** Names of the routes, in the order in which the documentation lists them. */
export const ROUTE_NAMES = Object.keys(ROUTES) as RouteName[];
export const ROUTE_USER_NAMES = Object.keys(routeUsers) as RouteUserName[];

export const routeOf = (name: RouteName): Route => routes[name];
export const userOf = (name: RouteUserName): UserDeclaration => routeUsers[name];
