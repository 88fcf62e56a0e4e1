import { ROUTE_USER_NAMES, userOf, type RouteUserName } from '../../contract/routes';
import type { Settings } from '../settings/settings';
import { hostPattern } from '../settings/cidr';
import { isUserDeployed } from '../settings/deployed-routes';

/** Rights on one table, or on every table (`*`) of a database. */
interface Grant {
  readonly privileges: readonly ('SELECT' | 'INSERT')[];
  /** @default - every column */
  readonly columns?: readonly string[];
  readonly on: readonly [database: string, table: string];
}

/** A user in the database. One that comes through a proxy with a secret has a password, every other one logs in by IAM. */
export interface DatabaseUser {
  readonly name: string;
  readonly login: 'password' | 'iam';
  /** From where, as in the host part of a MySQL account. */
  readonly host: string;
  readonly maxUserConnections: number;
  readonly grants: readonly Grant[];
}

/** Each user of a route by its name in the settings; absent where no deployed route needs it. And those of people. */
export interface DatabaseUsers extends Readonly<Partial<Record<RouteUserName, DatabaseUser>>> {
  readonly clients: readonly DatabaseUser[];
}

/** Every database user of an environment, with its rights. */
export function databaseUsers(settings: Settings): DatabaseUsers {
  const { database } = settings;
  const deployed = ROUTE_USER_NAMES.filter((name) => isUserDeployed(settings, name));
  return {
    ...Object.fromEntries(deployed.map((name) => [name, routeUser(name, settings)])),
    clients: database.users.clients.map((client) => ({
      ...account(client),
      login: 'iam',
      host: '%',
      grants: [{ privileges: ['SELECT'], on: [database.name, '*'] }],
    })),
  };
}

/** All of them, in the order in which they are made. */
export const allUsers = ({ clients, ...ofRoutes }: DatabaseUsers): readonly DatabaseUser[] => [
  ...Object.values(ofRoutes),
  ...clients,
];

function routeUser(name: RouteUserName, { database, network }: Settings): DatabaseUser {
  const { login, from, grants } = userOf(name);
  return {
    ...account(database.users[name]),
    login,
    // SECURITY: passwords do not work outside the VPC, whether the instance has a public address or not.
    host: from === 'vpc' || login === 'password' ? hostPattern(network.cidr) : '%',
    grants: grants.map(({ table, database: inDatabase = database.name, ...rights }) => ({
      ...rights,
      on: [inDatabase, table],
    })),
  };
}

const account = ({ name, maxConnections }: { name: string; maxConnections: number }) => ({
  name,
  maxUserConnections: maxConnections,
});

/** Names of the users that versions without a record of users may have made, whether these are deployed at present or not. */
export function namesBeforeRecord({ database: { users } }: Settings): string[] {
  const { timestamps, items, usersReader, matrixPassword, matrixIam, clients } = users;
  return [timestamps, items, usersReader, matrixPassword, matrixIam, ...clients].map(({ name }) => name);
}
