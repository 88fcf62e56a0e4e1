import { ROUTE_NAMES, routeOf, type Route } from '../../../../contract/routes';
import { parseSettings } from '../../../../modules/settings/settings';
import { refusedRows, deployableRows, environmentOfRow } from '../../../support/matrix-rows';
import { ADDED_USER_KEYS } from '../../../support/shipped-routes';
import { allFeatures, noFeatures } from '../../../support/stack';
import { problemsOf, problemsWith, requiredSettings } from '../../../support/settings';

it.each([
  ['64 for each GiB of memory', { instanceClass: 'db.m7g.large' }, 64 * 8],
  ['at most 100,000', { instanceClass: 'db.x2iedn.32xlarge' }, 100_000],
  ['as many as maxConnections in the settings, if it is set', { maxConnections: 80 }, 80],
])('the connections of the instance are %s', (_what, database, connections) => {
  expect(parseSettings({ ...noFeatures, database }).database.maxConnections).toBe(connections);
});

const publicAccess = { enabled: true, cidrs: ['0.0.0.0/0'], reason: 'a test' };

describe('the numbers of connections', () => {
  it.each([...deployableRows, ...refusedRows].map(environmentOfRow))(
    'are large enough by default with the settings of each row of the login matrix: $name',
    (environment) => {
      expect(problemsOf(environment).filter((problem) => problem.includes('maxConnections'))).toEqual([]);
    },
  );

  it.each([
    ['the required settings only', requiredSettings],
    ['everything on, with the default throttle', { ...allFeatures, api: {} }],
  ])('are large enough by default in an account with a concurrency quota of 1000: %s', (_what, environment) => {
    expect(problemsOf({ ...environment, functions: { accountConcurrency: 1000 } })).toEqual([]);
  });

  it('may be as low as 1 for the user of a function with reservedConcurrency 1, if there are no proxies', () => {
    const functions = { accountConcurrency: 101, items: { reservedConcurrency: 1 } };
    const database = { users: { items: { maxConnections: 1 } } };
    expect(problemsOf({ ...noFeatures, database, functions })).toEqual([]);
  });
});

const RAISE = 'Raise maxConnections, or lower a setting in parentheses.';
const LOGINS =
  'One call of GET /auth-matrix tries all logins of this user at the same time. Raise maxConnections, or set authMatrix.enabled to false.';

/** The routes, except /auth-matrix, that log in from the VPC directly to the instance. Each needs 10 connections by default. */
const directRoutes = ROUTE_NAMES.map(routeOf).filter(({ login }) => login?.at === 'instance' && login.inVpc);
const iamRoutes = ROUTE_NAMES.map(routeOf).filter(({ login }) => login?.at === 'iam-proxy');
const neededBy = (routes: readonly Route[]): string =>
  routes.map(({ path }) => `10 for GET ${path} (functions.accountConcurrency 10)`).join(', ');
const NEEDED_BY_DIRECT_ROUTES = neededBy(directRoutes);
const NEEDED_BY_IAM_PROXY = 10 * iamRoutes.length + 2;

it('GET /items logs in directly to the instance', () => {
  expect(directRoutes.map(({ path }) => path)).toContain('/items');
});

describe('too few connections are rejected:', () => {
  it.each<[why: string, change: object, ...problems: string[]]>([
    [
      'one connection for a user of two proxies',
      { database: { users: { timestamps: { maxConnections: 1 } } } },
      `database.users.timestamps.maxConnections must be at least 20, got 1: Each container needs a connection: 10 for GET /func1 (functions.accountConcurrency 10), 10 for GET /func2 (functions.accountConcurrency 10). ${RAISE}`,
    ],
    [
      'users with fewer connections than their functions have containers',
      {
        // More connections than these functions need, so that the test also passes with added routes.
        database: {
          maxConnections: 400,
          publicAccess,
          users: { items: { maxConnections: 9 }, usersReader: { maxConnections: 4 } },
        },
        publicApi: { enabled: true },
        functions: { accountConcurrency: 105, users: { reservedConcurrency: 5 } },
      },
      `database.users.items.maxConnections must be at least 12, got 9: Each container needs a connection: 12 for GET /items (api.throttle.burst 10, ratePerSecond 20). ${RAISE}`,
      `database.users.usersReader.maxConnections must be at least 5, got 4: Each container needs a connection: 5 for GET / (functions.users.reservedConcurrency 5). ${RAISE}`,
    ],
    [
      'users that cannot try all logins at the same time',
      { database: { users: { matrixPassword: { maxConnections: 5 }, matrixIam: { maxConnections: 1 } } } },
      `database.users.matrixPassword.maxConnections must be at least 6, got 5: ${LOGINS}`,
      `database.users.matrixIam.maxConnections must be at least 2, got 1: ${LOGINS}`,
    ],
    [
      'a share that makes the pool too small',
      { proxies: { iam: { maxConnectionsPercent: 10 } } },
      `proxies.iam.maxConnectionsPercent must be at least ${Math.ceil((100 * NEEDED_BY_IAM_PROXY) / 64)}, got 10: The pool gets 6 of the 64 connections that database.maxConnections allows, but needs ${NEEDED_BY_IAM_PROXY}: ${neededBy(iamRoutes)}, 2 for RDS Proxy itself. Raise this percentage or database.maxConnections, or lower a setting in parentheses.`,
    ],
    [
      'a user and a pool with fewer connections than the simultaneous calls that the throttle admits',
      {
        authMatrix: { enabled: false },
        proxies: { iam: { enabled: false } },
        functions: { accountConcurrency: 1000 },
        api: { throttle: { burst: 15, ratePerSecond: 60 } },
        database: { maxConnections: 100 },
      },
      `database.users.items.maxConnections must be at least 21, got 20: Each container needs a connection: 21 for GET /items (api.throttle.burst 15, ratePerSecond 60). ${RAISE}`,
      'proxies.password.maxConnectionsPercent must be at least 23, got 22: The pool gets 22 of the 100 connections that database.maxConnections allows, but needs 23: 21 for GET /func1 (api.throttle.burst 15, ratePerSecond 60), 2 for RDS Proxy itself. Raise this percentage or database.maxConnections, or lower a setting in parentheses.',
    ],
    [
      'pools that leave too few connections for logins without a proxy',
      {
        proxies: { password: { maxConnectionsPercent: 45 }, iam: { maxConnectionsPercent: 45 } },
        database: { users: { clients: [{ name: 'ann' }] } },
      },
      `database.maxConnections must be large enough for logins without a proxy, got 64: With proxies.password.maxConnectionsPercent 45 and proxies.iam.maxConnectionsPercent 45, only 8 connections are left. These logins need ${10 * directRoutes.length + 14} connections: ${NEEDED_BY_DIRECT_ROUTES}, 5 for database.users.clients, 4 for GET /auth-matrix, 5 for RDS, deployments and rotations. Raise database.maxConnections or choose a larger database.instanceClass, or lower a maxConnectionsPercent or another setting named here.`,
    ],
    [
      'a maxConnections too low for direct logins to an instance without proxies',
      { ...noFeatures, database: { maxConnections: 12 } },
      `database.maxConnections must be large enough for logins without a proxy, got 12: These logins need ${10 * directRoutes.length + 5} connections: ${NEEDED_BY_DIRECT_ROUTES}, 5 for RDS, deployments and rotations. Raise database.maxConnections, or lower a setting named here.`,
    ],
    [
      'a maxConnections below its minimum',
      { database: { maxConnections: 9 } },
      'database.maxConnections must be a whole number from 10 to 100000, got 9: The functions need at least 10, and RDS for MySQL allows at most 100,000.',
    ],
  ])('%s', (_why, change, ...problems) => {
    // Routes that are added later have users of their own, whose problems do not count here.
    const addedUsers = ADDED_USER_KEYS.map((user) => `database.users.${user}.`);
    const concernsAddedUser = (problem: string): boolean => addedUsers.some((user) => problem.startsWith(user));
    expect(problemsWith(change).filter((problem) => !concernsAddedUser(problem))).toEqual(problems);
  });
});
