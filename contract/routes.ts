import type { LoginDeclaration, RouteDeclaration, UserDeclaration } from './route';
import { authMatrix } from './routes/auth-matrix';
import { func1 } from './routes/func1';
import { func2 } from './routes/func2';
import { items } from './routes/items';
import { users as usersRoute } from './routes/users';

/** Every route that the API can have, by its name in the settings. A deployment has those that its settings ask for. */
export const ROUTES = { func1, func2, items, users: usersRoute, authMatrix } as const;

/** The users in the database that the routes declare, by their names in the settings. */
export const ROUTE_USERS = {
  ...func1.users,
  ...func2.users,
  ...items.users,
  ...usersRoute.users,
  ...authMatrix.users,
} as const;

export type RouteName = keyof typeof ROUTES;
export type RouteUserName = keyof typeof ROUTE_USERS;
export type ApiPath = (typeof ROUTES)[RouteName]['path'];

/** Names of the routes, in the order in which they are documented. */
export const ROUTE_NAMES = Object.keys(ROUTES) as RouteName[];
export const ROUTE_USER_NAMES = Object.keys(ROUTE_USERS) as RouteUserName[];

/** A route whose users and path are those that exist. */
export interface Route extends RouteDeclaration {
  readonly path: ApiPath;
  readonly login?: Login;
}

export interface Login extends LoginDeclaration {
  readonly as: RouteUserName;
  readonly asEndToEnd?: RouteUserName;
}

// A login as a user that no route declares does not compile.
const routes: Readonly<Record<RouteName, Route>> = ROUTES;
const users: Readonly<Record<RouteUserName, UserDeclaration>> = ROUTE_USERS;

export const routeOf = (name: RouteName): Route => routes[name];
export const userOf = (name: RouteUserName): UserDeclaration => users[name];
