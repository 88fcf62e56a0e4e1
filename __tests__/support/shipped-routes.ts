import { ROUTE_NAMES, routeOf, type RouteName } from '../../contract/routes';

/**
 * The routes of the project itself. A platform team can add routes (docs/extending.md). Tests that list or count resources
 * ignore the added routes.
 */
export const SHIPPED_ROUTES: readonly RouteName[] = ['func1', 'func2', 'items', 'users', 'authMatrix'];

export const SHIPPED_PATHS = SHIPPED_ROUTES.map((name): string => routeOf(name).path);

const ADDED = ROUTE_NAMES.filter((name) => !SHIPPED_ROUTES.includes(name)).map(routeOf);

/** Keys under which the settings list the database users of added routes. */
export const ADDED_USER_KEYS = ADDED.flatMap(({ users }) => Object.keys(users));
/** Names of these users in the database. */
export const ADDED_USER_NAMES = ADDED.flatMap(({ users }) => Object.values(users).map(({ name }) => name));

/** Names of the functions and users of added routes. Each Terraform resource of an added route has one of them in its name. */
const NAMES_OF_ADDED = [...ADDED.map(({ function: folder }) => folder), ...ADDED_USER_NAMES];

/** Puts one underscore before and after each word of a name, so that only whole words match. */
const separated = (name: string): string => `_${name.replaceAll(/[^a-z0-9]+/gi, '_')}_`;

/**
 * Returns whether something belongs to an added route.
 *
 * @param name name of a Terraform resource, a function or a database user
 */
export const belongsToAddedRoute = (name: string): boolean =>
  NAMES_OF_ADDED.some((added) => separated(name).includes(separated(added)));
