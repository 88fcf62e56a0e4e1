import { environmentOfRow, refusedRows } from '../../../support/matrix-rows';
import { itRejects, problemsOf } from '../../../support/settings';

const publicAccess = { enabled: true, cidrs: ['0.0.0.0/0'], reason: 'a test' } as const;
const SHARED_NAME_REMEDY =
  'Two settings cannot share a user, because a MySQL user has only one way to log in, one set of privileges and one connection limit. For IAM, names that differ only in case are equal. Choose another name.';
const BLOCKS_REMEDY =
  "Each block becomes a rule of the database's security group, which can have 60 rules and needs 6 for other clients. Change the list, or set database.publicAccess.enabled to false.";
/** Enough connections for the tested features, also with added routes. */
const maxConnections = 400;
const THIRTY_ONE_USERS = Array.from({ length: 31 }, (_, index) => `user${index}`);

it.each(refusedRows)('row $row of the matrix is rejected', (row) => {
  expect(problemsOf(environmentOfRow(row))).toEqual([row.problem]);
});

itRejects('an environment is rejected for %s', [
  [
    'an end-to-end IAM proxy that does not require TLS',
    { proxies: { iam: { upstream: 'iam', requireTls: false } } },
    'proxies.iam.requireTls must be true, got false: RDS does not create a proxy that requires IAM but not TLS. Remove the setting or set it to true.',
  ],
  [
    'the client host without IAM logins',
    { client: { enabled: true }, database: { iamAuthentication: false, users: { clients: [{ name: 'ann' }] } } },
    'client.enabled must be false, got true: The client host logs in to the instance by IAM, but database.iamAuthentication is false. Change one of the two settings.',
    'database.users.clients must be empty, got ["ann"]: These users log in to the instance by IAM, but database.iamAuthentication is false. Change one of the two settings.',
  ],
  [
    'the public API without IAM logins or public access',
    { publicApi: { enabled: true }, database: { iamAuthentication: false } },
    'publicApi.enabled must be false, got true: The route GET / logs in to the instance by IAM, but database.iamAuthentication is false. Change one of the two settings.',
    'database.publicAccess.enabled must be true for publicApi.enabled, got false: The function of GET / runs outside the VPC and reaches the instance over its public address. Enable database.publicAccess and fill in its cidrs and reason, or disable the public API.',
  ],
  [
    'the public API with the port open to few addresses',
    {
      publicApi: { enabled: true },
      database: { maxConnections, publicAccess: { ...publicAccess, cidrs: ['203.0.113.0/24'] } },
    },
    'database.publicAccess.cidrs must contain 0.0.0.0/0 for publicApi.enabled, got ["203.0.113.0/24"]: Lambda outside a VPC uses millions of addresses, more than a security group can list. Add 0.0.0.0/0, or disable the public API.',
  ],
  [
    'public access for no address',
    { database: { publicAccess: { ...publicAccess, cidrs: [] } } },
    `database.publicAccess.cidrs must list 1 to 54 different blocks, got []: ${BLOCKS_REMEDY}`,
  ],
  [
    'one user for two purposes',
    { database: { users: { items: { name: 'timestamps' } } } },
    `database.users.items.name must differ from database.users.timestamps.name, got "timestamps": ${SHARED_NAME_REMEDY}`,
  ],
  [
    'a client host without a user',
    { client: { enabled: true } },
    'database.users.clients must name at least one user for client.enabled, got []: The client host has no user to log in as. Add a user, for example { name: "analyst" }.',
  ],
  [
    'two people whose names differ only in case',
    { database: { maxConnections, users: { clients: [{ name: 'ann' }, { name: 'Ann' }] } } },
    `database.users.clients.1.name must differ from database.users.clients.0.name, got "Ann": ${SHARED_NAME_REMEDY}`,
  ],
  [
    'the same block of public access twice',
    { database: { publicAccess: { ...publicAccess, cidrs: ['203.0.113.0/24', '203.0.113.0/24'] } } },
    `database.publicAccess.cidrs must list 1 to 54 different blocks, got ["203.0.113.0/24","203.0.113.0/24"]: ${BLOCKS_REMEDY}`,
  ],
  [
    'a client host with more users than its role has room for',
    // An instance of this class has enough connections for 31 users, so only the limit of the role is exceeded.
    {
      client: { enabled: true },
      database: { instanceClass: 'db.m7g.large', users: { clients: THIRTY_ONE_USERS.map((name) => ({ name })) } },
    },
    `database.users.clients must name at most 30 users for client.enabled, got ${JSON.stringify(THIRTY_ONE_USERS).slice(0, 120)}…: The policies of an IAM role are limited to 10,240 characters. Let people share users, or disable the client host.`,
  ],
]);
