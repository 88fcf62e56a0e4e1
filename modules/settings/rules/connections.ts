/** The connections that the instance allows, and those that functions, people and the deployment need. */
import type { TargetName } from '../../../contract/logins';
import { ROUTE_USER_NAMES, routeOf, type RouteName } from '../../../contract/routes';
import { deployedRoutes, isEndToEnd, routesAs } from '../deployed-routes';
import { MOST_CONNECTIONS } from '../groups/database';
import { DB_MEMORY_GIB } from '../machine-types';
import { problemIf, type ParsedSettings, type Rule, type Violation } from './rule';

/**
 * By default, RDS allows about 66 connections for each GiB of memory. This constant is slightly lower.
 *
 * The default is `DBInstanceClassMemory` / 12 582 880. `DBInstanceClassMemory` is in bytes and excludes the memory that RDS and the
 * operating system use.
 *
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html#RDS_Limits.MaxConnections
 */
const CONNECTIONS_PER_GIB = 64;

/** Connections for RDS itself, the bootstrap, the rotation and an operator. */
const OTHER_CONNECTIONS = 5;

/**
 * Connections that RDS Proxy takes from each pool for monitoring. AWS does not state their number, which depends on the nodes of the
 * proxy. Two connections have been seen.
 *
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy-monitoring-dashboard.html
 */
const MONITORING_CONNECTIONS = 2;

/** Connections that one call of `GET /auth-matrix` needs for each database user at each target: one with TLS and one without. */
const MATRIX_LOGINS = 2;

/** Average time of a call on AWS, seconds: an estimate. docs/one-machine.md has the times measured on one machine. */
const CALL_SECONDS = 0.1;

/** Returns `max_connections` of the instance: the setting, or a number derived from the memory of its class. */
export function maxConnectionsOf({ maxConnections, instanceClass }: ParsedSettings['database']): number {
  const gib = DB_MEMORY_GIB.get(instanceClass);
  if (gib === undefined) throw new Error(`The memory of ${instanceClass} is missing. Add it to machine-types.ts.`);
  return maxConnections ?? Math.min(MOST_CONNECTIONS, gib * CONNECTIONS_PER_GIB);
}

const routesAt = (settings: ParsedSettings, target: TargetName): readonly RouteName[] =>
  deployedRoutes(settings).filter((name) => routeOf(name).login?.at === target);

/** Returns the pools of the deployed proxies: the routes that connect through each, and the connections that it may hold. */
function poolsOf(settings: ParsedSettings) {
  const { proxies, database } = settings;
  return (['password', 'iam'] as const)
    .filter((proxy) => proxies[proxy].enabled)
    .map((proxy) => {
      const percent = proxies[proxy].maxConnectionsPercent;
      const size = Math.floor((maxConnectionsOf(database) * percent) / 100);
      return { proxy, routes: routesAt(settings, `${proxy}-proxy`), percent, size };
    });
}

/** Connections that clients need at the same time. */
interface Demand {
  readonly connections: number;
  /** The client that needs them, with the setting that determines the number. */
  readonly reason: string;
}

/**
 * Returns the connections of a function: one per container. Lambda and API Gateway limit the number of containers. API Gateway
 * applies its throttle on a best-effort basis, so it may let more requests pass.
 *
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html
 */
function functionDemand({ functions, api }: ParsedSettings, name: RouteName): Demand {
  const { accountConcurrency } = functions;
  const { reservedConcurrency = accountConcurrency } = functions[name];
  const { burst, ratePerSecond } = api.throttle;
  const limits: (readonly [count: number, setting: string])[] = [
    [accountConcurrency, `functions.accountConcurrency ${accountConcurrency}`],
    [reservedConcurrency, `functions.${name}.reservedConcurrency ${reservedConcurrency}`],
    [Math.ceil(burst + ratePerSecond * CALL_SECONDS), `api.throttle.burst ${burst}, ratePerSecond ${ratePerSecond}`],
  ];
  const [count, setting] = limits.reduce((least, limit) => (limit[0] < least[0] ? limit : least));
  return { connections: count, reason: `${count} for GET ${routeOf(name).path} (${setting})` };
}

/** Adds up demands. Idle containers keep their connections, so all functions need theirs at the same time. */
const total = (demands: readonly Demand[]): Demand => ({
  connections: demands.reduce((sum, { connections }) => sum + connections, 0),
  reason: demands
    .filter(({ connections }) => connections > 0)
    .map(({ reason }) => reason)
    .join(', '),
});

/** Returns the connections that do not go through the proxies. */
function directDemand(settings: ParsedSettings): Demand {
  const { database, authMatrix } = settings;
  const people = database.users.clients.reduce((sum, { maxConnections }) => sum + maxConnections, 0);
  const matrix = authMatrix.enabled ? MATRIX_LOGINS * (database.iamAuthentication ? 2 : 1) : 0;
  return total([
    ...routesAt(settings, 'instance').map((name) => functionDemand(settings, name)),
    { connections: people, reason: `${people} for database.users.clients` },
    { connections: matrix, reason: `${matrix} for GET /auth-matrix` },
    { connections: OTHER_CONNECTIONS, reason: `${OTHER_CONNECTIONS} for RDS, deployments and rotations` },
  ]);
}

/** The user of a function needs a connection for each container. */
function functionUsers(settings: ParsedSettings): readonly Violation[] {
  const { database } = settings;
  return ROUTE_USER_NAMES.flatMap((user) => {
    // The routes of a user may use different proxies. No pool can use the idle connections of another pool, so the demands of all
    // routes add up.
    const { connections, reason } = total(routesAs(settings, user).map((name) => functionDemand(settings, name)));
    const { maxConnections } = database.users[user];
    return problemIf(
      maxConnections < connections,
      `database.users.${user}.maxConnections`,
      `must be at least ${connections}`,
      `Each container needs a connection: ${reason}. Raise maxConnections, or lower a setting in parentheses.`,
    );
  });
}

/**
 * The users of `GET /auth-matrix` log in to all targets at once. With end-to-end IAM, `matrixIam` replaces `matrixPassword` at the
 * IAM proxy.
 */
function matrixUsers(settings: ParsedSettings): readonly Violation[] {
  const { database, authMatrix } = settings;
  if (!authMatrix.enabled) return [];
  const endToEndLogins = isEndToEnd(settings) ? MATRIX_LOGINS : 0;
  const logins = {
    matrixPassword: MATRIX_LOGINS * (1 + poolsOf(settings).length) - endToEndLogins,
    matrixIam: (database.iamAuthentication ? MATRIX_LOGINS : 0) + endToEndLogins,
  };
  return (['matrixPassword', 'matrixIam'] as const).flatMap((user) => {
    const { maxConnections } = database.users[user];
    return problemIf(
      maxConnections < logins[user],
      `database.users.${user}.maxConnections`,
      `must be at least ${logins[user]}`,
      'One call of GET /auth-matrix tries all logins of this user at the same time. Raise maxConnections, or set authMatrix.enabled to false.',
    );
  });
}

/** A pool needs a connection for each container of the routes that use its proxy, and some for RDS Proxy itself. */
function poolSizes(settings: ParsedSettings): readonly Violation[] {
  const maxConnections = maxConnectionsOf(settings.database);
  return poolsOf(settings).flatMap((pool) => {
    const { connections, reason } = total([
      ...pool.routes.map((name) => functionDemand(settings, name)),
      { connections: MONITORING_CONNECTIONS, reason: `${MONITORING_CONNECTIONS} for RDS Proxy itself` },
    ]);
    return problemIf(
      pool.size < connections,
      `proxies.${pool.proxy}.maxConnectionsPercent`,
      `must be at least ${Math.ceil((100 * connections) / maxConnections)}`,
      `The pool gets ${pool.size} of the ${maxConnections} connections that database.maxConnections allows, but needs ${connections}: ${reason}. Raise this percentage or database.maxConnections, or lower a setting in parentheses.`,
    );
  });
}

/** The pools must leave enough connections for direct logins to the instance. */
function directLogins(settings: ParsedSettings): readonly Violation[] {
  const maxConnections = maxConnectionsOf(settings.database);
  const { connections, reason } = directDemand(settings);
  const allPools = poolsOf(settings);
  const left = allPools.reduce((rest, { size }) => rest - size, maxConnections);
  const shares = allPools.map(({ proxy, percent }) => `proxies.${proxy}.maxConnectionsPercent ${percent}`);
  const leftByPools = shares.length === 0 ? '' : `With ${shares.join(' and ')}, only ${left} connections are left. `;
  const lowered =
    shares.length === 0 ? 'a setting named here' : 'a maxConnectionsPercent or another setting named here';
  // The class determines max_connections only if database.maxConnections is not set.
  const raised =
    settings.database.maxConnections === undefined
      ? 'database.maxConnections or choose a larger database.instanceClass'
      : 'database.maxConnections';
  return problemIf(
    left < connections,
    'database.maxConnections',
    'must be large enough for logins without a proxy',
    `${leftByPools}These logins need ${connections} connections: ${reason}. Raise ${raised}, or lower ${lowered}.`,
    maxConnections,
  );
}

/** Settings that determine the numbers of connections. */
const READS = ['database', 'proxies', 'functions', 'api.throttle', 'publicApi', 'authMatrix'];

export const connectionRules: readonly Rule[] = [functionUsers, matrixUsers, poolSizes, directLogins].map((check) => ({
  reads: READS,
  check,
}));
