import { ROUTE_NAMES, routeOf, type RouteName } from '../../contract/routes';

/**
 * The routes that the project has. Tests that list or count resources ignore routes that are added later, as docs/extending.md
 * describes.
 */
export const SHIPPED_ROUTES: readonly RouteName[] = ['func1', 'func2', 'items', 'users', 'authMatrix'];

export const SHIPPED_PATHS = SHIPPED_ROUTES.map((name): string => routeOf(name).path);

const ADDED = ROUTE_NAMES.filter((name) => !SHIPPED_ROUTES.includes(name)).map(routeOf);

/** The database users of routes that are added later: their names in the settings. */
export const ADDED_USERS = ADDED.flatMap(({ users }) => Object.keys(users));
/** Their names in the database. */
export const ADDED_USER_NAMES = ADDED.flatMap(({ users }) => Object.values(users).map(({ name }) => name));

/** Function and user names of the added routes. Terraform names of their resources contain one of them. */
const NAMES_OF_ADDED = [...ADDED.map(({ function: folder }) => folder), ...ADDED_USER_NAMES];

/** Separates all words by one underscore, so that only whole words match. */
const separated = (name: string): string => `_${name.replaceAll(/[^a-z0-9]+/gi, '_')}_`;

/** Returns whether a resource belongs to a function or user of a route that is added later. @param resource its Terraform name */
export const belongsToAddedRoute = (resource: string): boolean =>
  NAMES_OF_ADDED.some((name) => separated(resource).includes(separated(name)));
