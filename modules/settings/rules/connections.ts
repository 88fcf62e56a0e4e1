import { ROUTE_USER_NAMES } from '../../../contract/routes';
import {
  directDemand,
  functionDemand,
  MATRIX_LOGINS,
  maxConnectionsOf,
  MONITORING_CONNECTIONS,
  poolsOf,
  total,
} from '../connections';
import { isEndToEnd, routesAs } from '../deployed-routes';
import { problemIf, type Rule } from './rule';

/** Settings that determine the numbers of connections. */
const READS = ['database', 'proxies', 'functions', 'api.throttle', 'publicApi', 'authMatrix'];

/** The user of a function needs a connection for each container. */
const functionUsers: Rule = {
  reads: READS,
  check(settings) {
    const { database } = settings;
    return ROUTE_USER_NAMES.flatMap((user) => {
      // The sum over all routes, because each proxy has its own pool and cannot use idle connections of another pool.
      const { connections, reason } = total(routesAs(settings, user).map((name) => functionDemand(settings, name)));
      const { maxConnections } = database.users[user];
      return problemIf(
        maxConnections < connections,
        `database.users.${user}.maxConnections`,
        `must be at least ${connections}`,
        `Each container needs a connection: ${reason}. Raise the limit, or lower a setting that the number depends on.`,
      );
    });
  },
};

/** The users of `GET /auth-matrix` log in to all targets at the same time. */
const matrixUsers: Rule = {
  reads: READS,
  check(settings) {
    const { database, authMatrix } = settings;
    if (!authMatrix.enabled) return [];
    const byIam = isEndToEnd(settings) ? MATRIX_LOGINS : 0;
    const logins = {
      matrixPassword: MATRIX_LOGINS * (1 + poolsOf(settings).length) - byIam,
      matrixIam: (database.iamAuthentication ? MATRIX_LOGINS : 0) + byIam,
    };
    return (['matrixPassword', 'matrixIam'] as const).flatMap((user) => {
      const { maxConnections } = database.users[user];
      return problemIf(
        maxConnections < logins[user],
        `database.users.${user}.maxConnections`,
        `must be at least ${logins[user]}`,
        'One call of GET /auth-matrix tries all logins of this user at the same time. Raise the limit, or set authMatrix.enabled to false.',
      );
    });
  },
};

/** A pool needs a connection for each container that connects through its proxy, and some for RDS Proxy itself. */
const poolSizes: Rule = {
  reads: READS,
  check(settings) {
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
        `The pool gets ${pool.size} of database.maxConnections ${maxConnections}, but needs ${connections}: ${reason}. Raise this percentage or database.maxConnections, or lower a setting that the number depends on.`,
      );
    });
  },
};

/** The pools must leave enough connections for direct logins to the instance. */
const directLogins: Rule = {
  reads: READS,
  check(settings) {
    const maxConnections = maxConnectionsOf(settings.database);
    const { connections, reason } = directDemand(settings);
    const allPools = poolsOf(settings);
    const left = allPools.reduce((rest, { size }) => rest - size, maxConnections);
    const shares = allPools.map(({ proxy, percent }) => `proxies.${proxy}.maxConnectionsPercent ${percent}`);
    return problemIf(
      left < connections,
      'database.maxConnections',
      `must leave at least ${connections} connections for logins without a proxy`,
      `${shares.length > 0 ? `With ${shares.join(' and ')} only ${left} are left. ` : ''}These logins need ${reason}. Raise this limit or database.instanceClass, or lower ${shares.length > 0 ? 'a maxConnectionsPercent, or ' : ''}a setting that the number depends on.`,
      maxConnections,
    );
  },
};

export const connectionRules: readonly Rule[] = [functionUsers, matrixUsers, poolSizes, directLogins];
