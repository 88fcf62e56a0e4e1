import { ROUTE_NAMES, routeOf, type RouteName } from '../../contract/routes';

/** The routes that tests describe by name. Lists and counts in tests leave out routes that are added later. */
export const NAMED_ROUTES: readonly RouteName[] = ['func1', 'func2', 'items', 'users', 'authMatrix'];

export const NAMED_PATHS = NAMED_ROUTES.map((name): string => routeOf(name).path);

const ADDED = ROUTE_NAMES.filter((name) => !NAMED_ROUTES.includes(name)).map(routeOf);

/** The database users of routes that are added later: their names in the settings, and in the database. */
export const ADDED_USERS = ADDED.flatMap(({ users }) => Object.keys(users));
export const ADDED_USER_NAMES = ADDED.flatMap(({ users }) => Object.values(users).map(({ name }) => name));

const WORDS_OF_ADDED = [...ADDED.map(({ function: folder }) => folder), ...ADDED_USER_NAMES];

const inWords = (name: string): string => `_${name.replaceAll(/[^a-z0-9]+/gi, '_')}_`;

/** Returns whether a resource, by its Terraform name, belongs to a route that is added later: its function or its user. */
export const isOfAddedRoute = (resource: string): boolean =>
  WORDS_OF_ADDED.some((word) => inWords(resource).includes(inWords(word)));
