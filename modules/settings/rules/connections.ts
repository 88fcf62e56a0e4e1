import { ROUTE_USER_NAMES } from '../../../contract/routes';
import { directDemand, functionDemand, MATRIX_LOGINS, maxConnectionsOf, poolsOf, total } from '../connections';
import { routesAs } from '../deployed-routes';
import { isEndToEnd } from '../end-to-end';
import { problemIf, type Rule } from './rule';

/** The settings that the numbers of connections follow from. */
const READS = ['database', 'proxies', 'functions', 'api.throttle', 'publicApi', 'authMatrix'];

/** The user of a function may hold a connection for each container. */
const functionUsers: Rule = {
  reads: READS,
  check(settings) {
    const { database } = settings;
    return ROUTE_USER_NAMES.flatMap((user) => {
      // Each proxy has a pool of its own: a connection that is idle in one is of no use to the other.
      const { connections, reason } = total(routesAs(settings, user).map((name) => functionDemand(settings, name)));
      const { maxConnections } = database.users[user];
      return problemIf(
        maxConnections < connections,
        `database.users.${user}.maxConnections`,
        `must be at least ${connections}`,
        maxConnections,
        `Each container needs a connection: ${reason}. Raise it, or lower what the need follows from.`,
      );
    });
  },
};

/** The users of `GET /auth-matrix` may log in to each target at the same time. */
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
        maxConnections,
        'One call of GET /auth-matrix tries all logins of this user at the same time. Raise it, or set authMatrix.enabled to false.',
      );
    });
  },
};

/** A pool has a connection for each container that connects through its proxy. */
const pools: Rule = {
  reads: READS,
  check: (settings) =>
    poolsOf(settings).flatMap((pool) => {
      const { connections, reason } = total(pool.routes.map((name) => functionDemand(settings, name)));
      return problemIf(
        pool.size < connections,
        `proxies.${pool.proxy}.maxConnectionsPercent`,
        `must give the pool at least ${connections} connections`,
        pool.percent,
        `Of database.maxConnections ${maxConnectionsOf(settings.database)} it gives ${pool.size}. Needed are ${reason}. Raise one of the two, or lower what the need follows from.`,
      );
    }),
};

/** The pools leave enough for the logins that go straight to the instance. */
const direct: Rule = {
  reads: READS,
  check(settings) {
    const maxConnections = maxConnectionsOf(settings.database);
    const { connections, reason } = directDemand(settings);
    const each = poolsOf(settings);
    const left = each.reduce((rest, { size }) => rest - size, maxConnections);
    const shares = each.map(({ proxy, percent }) => `proxies.${proxy}.maxConnectionsPercent ${percent}`);
    return problemIf(
      left < connections,
      'database.maxConnections',
      `must leave at least ${connections} connections for logins without a proxy`,
      maxConnections,
      `${shares.length > 0 ? `With ${shares.join(' and ')} it leaves ${left}. ` : ''}Needed are ${reason}. Raise it or database.instanceClass, or lower what the need follows from${shares.length > 0 ? ', or a share' : ''}.`,
    );
  },
};

export const connectionRules: readonly Rule[] = [functionUsers, matrixUsers, pools, direct];
