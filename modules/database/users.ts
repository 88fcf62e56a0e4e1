import type { Settings } from '../settings/settings';
import { hostPattern } from '../settings/cidr';

/** Rights on one table, or on every table (`*`) of a database. */
interface Grant {
  readonly privileges: readonly ('SELECT' | 'INSERT')[];
  /** @default - every column */
  readonly columns?: readonly string[];
  readonly on: readonly [database: string, table: string];
}

/** A user in the database. One that comes through a proxy logs in by password, one that comes straight by IAM. */
export interface DatabaseUser {
  readonly name: string;
  readonly login: 'password' | 'iam';
  /** From where, as in the host part of a MySQL account. */
  readonly host: string;
  readonly maxUserConnections: number;
  readonly grants: readonly Grant[];
}

/** Each user by its purpose. Those whose purpose is not deployed are absent. */
export interface DatabaseUsers {
  readonly timestamps?: DatabaseUser;
  readonly items?: DatabaseUser;
  readonly usersReader?: DatabaseUser;
  readonly matrixPassword?: DatabaseUser;
  readonly matrixIam?: DatabaseUser;
  readonly clients: readonly DatabaseUser[];
}

/** Every database user of an environment, each declared once, with its rights. */
export function databaseUsers({ database, network, proxies, publicApi, authMatrix }: Settings): DatabaseUsers {
  const { users, name: db } = database;

  // SECURITY: passwords are of no use outside the VPC, whether the instance has a public address or not.
  const vpc = hostPattern(network.cidr);
  const insideVpc = { login: 'password', host: vpc } as const;
  const byIam = { login: 'iam', host: '%' } as const;

  const account = ({ name, maxConnections }: { name: string; maxConnections: number }) => ({
    name,
    maxUserConnections: maxConnections,
  });
  return {
    ...((proxies.password.enabled || proxies.iam.enabled) && {
      timestamps: {
        ...account(users.timestamps),
        ...insideVpc,
        grants: [{ privileges: ['SELECT', 'INSERT'], on: [db, 'timestamps'] }],
      },
    }),
    ...(database.iamAuthentication && {
      items: { ...account(users.items), ...byIam, grants: [{ privileges: ['SELECT'], on: [db, 'items'] }] },
    }),
    ...(publicApi.enabled && {
      usersReader: {
        ...account(users.usersReader),
        ...byIam,
        grants: [{ privileges: ['SELECT'], columns: ['User'], on: ['mysql', 'user'] }],
      },
    }),
    // SECURITY: /auth-matrix tries logins without TLS too, so its users may do nothing, from nowhere but the VPC.
    ...(authMatrix.enabled && {
      matrixPassword: { ...account(users.matrixPassword), ...insideVpc, grants: [] },
      // Without IAM on the instance its plugin is not loaded, and such a user cannot be made.
      ...(database.iamAuthentication && {
        matrixIam: { ...account(users.matrixIam), login: 'iam', host: vpc, grants: [] } as const,
      }),
    }),
    clients: users.clients.map((client) => ({
      ...account(client),
      ...byIam,
      grants: [{ privileges: ['SELECT'], on: [db, '*'] }],
    })),
  };
}
