/** How many connections the instance allows, and how many functions, people and the deployment need. */
import type { TargetName } from '../../contract/logins';
import { routeOf, type RouteName } from '../../contract/routes';
import { deployedRoutes } from './deployed-routes';
import { DB_MEMORY_GIB } from './machine-types';
import type { ParsedSettings } from './rules/rule';
import { MOST_CONNECTIONS } from './groups/database';

/**
 * Less than the default of RDS: `DBInstanceClassMemory`, in bytes, divided by 12 582 880. That memory excludes what RDS and
 * the operating system use, so that 1 GiB gives about 66 connections instead of 85.
 *
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html#RDS_Limits.MaxConnections
 */
const CONNECTIONS_PER_GIB = 64;

/** Connections for RDS itself, the bootstrap, the rotation and an operator. */
const OTHER_CONNECTIONS = 5;

/**
 * Connections of a pool that RDS Proxy uses for monitoring. Their number depends on the nodes of the proxy, and AWS does not state it;
 * two have been seen.
 *
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy-monitoring-dashboard.html
 */
export const MONITORING_CONNECTIONS = 2;

/** Connections that one call of `GET /auth-matrix` needs for each database user at each target: one with TLS and one without. */
export const MATRIX_LOGINS = 2;

/** Average time of a call on AWS, seconds: an estimate. docs/one-machine.md has the times measured on one machine. */
const CALL_SECONDS = 0.1;

/** Returns `max_connections` of the instance: the setting, or a number by the memory of its class. */
export function maxConnectionsOf({ maxConnections, instanceClass }: ParsedSettings['database']): number {
  const gib = DB_MEMORY_GIB.get(instanceClass);
  if (gib === undefined) throw new Error(`The memory of ${instanceClass} is unknown`);
  return maxConnections ?? Math.min(MOST_CONNECTIONS, gib * CONNECTIONS_PER_GIB);
}

export interface ProxyPool {
  readonly proxy: 'password' | 'iam';
  /** The routes whose functions connect through the proxy. */
  readonly routes: readonly RouteName[];
  /** Percent of the instance's connections. */
  readonly percent: number;
  /** Connections that the pool may hold. */
  readonly size: number;
}

/** The pools of the deployed proxies. */
export function poolsOf(settings: ParsedSettings): ProxyPool[] {
  const { proxies, database } = settings;
  return (['password', 'iam'] as const)
    .filter((proxy) => proxies[proxy].enabled)
    .map((proxy) => {
      const percent = proxies[proxy].maxConnectionsPercent;
      const size = Math.floor((maxConnectionsOf(database) * percent) / 100);
      return { proxy, routes: routesAt(settings, `${proxy}-proxy`), percent, size };
    });
}

const routesAt = (settings: ParsedSettings, target: TargetName): readonly RouteName[] =>
  deployedRoutes(settings).filter((name) => routeOf(name).login?.at === target);

/** Connections that clients need at the same time. */
export interface Demand {
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
export function functionDemand({ functions, api }: ParsedSettings, name: RouteName): Demand {
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
export const total = (demands: readonly Demand[]): Demand => ({
  connections: demands.reduce((sum, { connections }) => sum + connections, 0),
  reason: demands
    .filter(({ connections }) => connections > 0)
    .map(({ reason }) => reason)
    .join(', '),
});

/** Returns the connections that do not go through the proxies. */
export function directDemand(settings: ParsedSettings): Demand {
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
