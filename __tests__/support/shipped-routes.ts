import { ROUTE_NAMES, routeOf, type RouteName } from '../../contract/routes';

/**
 * The routes that the project has. Tests that list or count resources ignore routes that are added later, as docs/extending.md
 * describes.
 */
export const SHIPPED_ROUTES: readonly RouteName[] = ['func1', 'func2', 'items', 'users', 'authMatrix'];

export const SHIPPED_PATHS = SHIPPED_ROUTES.map((name): string => routeOf(name).path);

const ADDED = ROUTE_NAMES.filter((name) => !SHIPPED_ROUTES.includes(name)).map(routeOf);

/** Names, in the settings, of the database users of routes that are added later. */
export const ADDED_USER_KEYS = ADDED.flatMap(({ users }) => Object.keys(users));
/** Names of the same users in the database. */
export const ADDED_USER_NAMES = ADDED.flatMap(({ users }) => Object.values(users).map(({ name }) => name));

/** Names of the functions and users of added routes. The name of each resource of these routes in Terraform contains one of them. */
const NAMES_OF_ADDED = [...ADDED.map(({ function: folder }) => folder), ...ADDED_USER_NAMES];

/** Puts one underscore before and after each word of a name, so that only whole words match. */
const separated = (name: string): string => `_${name.replaceAll(/[^a-z0-9]+/gi, '_')}_`;

/**
 * Returns whether something belongs to a route that is added later.
 *
 * @param name of a resource in Terraform, a function or a database user
 */
export const belongsToAddedRoute = (name: string): boolean =>
  NAMES_OF_ADDED.some((added) => separated(name).includes(separated(added)));
