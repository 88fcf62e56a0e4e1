import type { GrantDeclaration } from '../../contract/route';
import { ROUTE_USER_NAMES, userOf, type RouteUserName } from '../../contract/routes';
import type { Settings } from '../settings/settings';
import { hostPattern } from '../settings/cidr';
import { isUserDeployed } from '../settings/deployed-routes';

/** Privileges on one table, or on every table (`*`) of a database. */
interface Grant extends Pick<GrantDeclaration, 'privileges' | 'columns'> {
  readonly on: readonly [database: string, table: string];
}

/**
 * A database user. Users whose password a proxy reads from a secret, and one user of `/auth-matrix`, log in by password. All others
 * log in by IAM.
 */
export interface DatabaseUser {
  readonly name: string;
  readonly login: 'password' | 'iam';
  /** Allowed addresses, as the host part of a MySQL account. */
  readonly host: string;
  readonly maxUserConnections: number;
  readonly grants: readonly Grant[];
}

/** Host part of a MySQL account that may log in from every address. */
export const ANY_HOST = '%';

/** The users of the deployed routes, by their keys in `database.users`, and the users for people (`clients`). */
export interface DatabaseUsers extends Readonly<Partial<Record<RouteUserName, DatabaseUser>>> {
  readonly clients: readonly DatabaseUser[];
}

/** Returns the database users that the deployment makes, with their grants. The master user is not among them. */
export function databaseUsers(settings: Settings): DatabaseUsers {
  const { database } = settings;
  const deployed = ROUTE_USER_NAMES.filter((name) => isUserDeployed(settings, name));
  return {
    ...Object.fromEntries(deployed.map((name) => [name, routeUser(name, settings)])),
    clients: database.users.clients.map(({ name, maxConnections }) => ({
      name,
      maxUserConnections: maxConnections,
      login: 'iam',
      host: ANY_HOST,
      grants: [{ privileges: ['SELECT'], on: [database.name, '*'] }],
    })),
  };
}

/** Lists all users, in the order of their creation. */
export const allUsers = ({ clients, ...ofRoutes }: DatabaseUsers): readonly DatabaseUser[] => [
  ...Object.values(ofRoutes),
  ...clients,
];

function routeUser(user: RouteUserName, { database, network }: Settings): DatabaseUser {
  const { login, from, grants } = userOf(user);
  const { name, maxConnections } = database.users[user];
  return {
    name,
    maxUserConnections: maxConnections,
    login,
    // SECURITY: a user with a password cannot log in from outside the VPC, even if the instance has a public address.
    host: from === 'vpc' || login === 'password' ? hostPattern(network.cidr) : ANY_HOST,
    grants: grants.map(({ table, database: inDatabase = database.name, ...rights }) => ({
      ...rights,
      on: [inDatabase, table],
    })),
  };
}

/**
 * Lists the configured names of users that an early version of the bootstrap may have created without recording them. If
 * the record of users is empty, the bootstrap adds existing users with these names to the record. It can then drop them once they
 * are no longer declared.
 */
export function possiblyUnrecordedNames({ database: { users } }: Settings): string[] {
  const { timestamps, items, usersReader, matrixPassword, matrixIam, clients } = users;
  return [timestamps, items, usersReader, matrixPassword, matrixIam, ...clients].map(({ name }) => name);
}
