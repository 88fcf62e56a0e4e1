import type { Settings } from '../settings/settings';
import { hostPattern } from '../settings/cidr';
import { isEndToEnd } from '../settings/end-to-end';

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

/** Each user by its purpose. Those whose purpose is not deployed are absent. */
export interface DatabaseUsers {
  readonly timestamps?: DatabaseUser;
  readonly timestampsIam?: DatabaseUser;
  readonly items?: DatabaseUser;
  readonly usersReader?: DatabaseUser;
  readonly matrixPassword?: DatabaseUser;
  readonly matrixIam?: DatabaseUser;
  readonly clients: readonly DatabaseUser[];
}

/** Every database user of an environment, each declared once, with its rights. */
export function databaseUsers(settings: Settings): DatabaseUsers {
  const { database, network, proxies, publicApi, authMatrix } = settings;
  const { users, name: db } = database;

  // SECURITY: passwords are of no use outside the VPC, whether the instance has a public address or not.
  const vpc = hostPattern(network.cidr);
  const insideVpc = { login: 'password', host: vpc } as const;
  const byIamInsideVpc = { login: 'iam', host: vpc } as const;
  const byIam = { login: 'iam', host: '%' } as const;

  const account = ({ name, maxConnections }: { name: string; maxConnections: number }) => ({
    name,
    maxUserConnections: maxConnections,
  });
  const timestampsGrants: readonly Grant[] = [{ privileges: ['SELECT', 'INSERT'], on: [db, 'timestamps'] }];
  const endToEnd = isEndToEnd(settings);
  return {
    ...((proxies.password.enabled || (proxies.iam.enabled && !endToEnd)) && {
      timestamps: { ...account(users.timestamps), ...insideVpc, grants: timestampsGrants },
    }),
    // A user of its own: with another plugin the user of the secret would be refused until the proxy is changed, too.
    ...(endToEnd && {
      timestampsIam: { ...account(users.timestampsIam), ...byIamInsideVpc, grants: timestampsGrants },
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
        matrixIam: { ...account(users.matrixIam), ...byIamInsideVpc, grants: [] },
      }),
    }),
    clients: users.clients.map((client) => ({
      ...account(client),
      ...byIam,
      grants: [{ privileges: ['SELECT'], on: [db, '*'] }],
    })),
  };
}

/** The user of `/func2`: that of the secret, or, where the proxy has none, one that logs in by IAM. */
export const iamProxyUser = ({ timestamps, timestampsIam }: DatabaseUsers): DatabaseUser | undefined =>
  timestampsIam ?? timestamps;
