import { byCode, parseHost, userNameOf, type Cause, type Failure } from './cause';

/**
 * RDS Proxy's messages for too many clients at once or in a short time. Only the text distinguishes them from MySQL's "Too many
 * connections": all have the error number 1040.
 */
const PROXY_LIMIT = /rate limit exceeded|^Number simultaneous connections exceeded/;

const noRoute = ({ target: { host } }: Failure): string =>
  `there is no route to ${host}: check the route tables of the client's and the endpoint's subnets`;

const UNREACHABLE_TARGET = 'or the proxy cannot reach its target: see TargetHealth in describe-db-proxy-targets';

/** RDS Proxy sends this error both if its pool is full and if it cannot reach the instance. */
const noConnection: Cause = ({ message }) =>
  message.startsWith('Timed-out waiting to acquire database connection')
    ? `the proxy has no free connection to its target: its pool is full, so raise maxConnectionsPercent, or look for pinned sessions in its log; ${UNREACHABLE_TARGET}`
    : undefined;

/**
 * Causes of errors that may be temporary: the server is unreachable, has no connection left, blocks the client's address, or ended the
 * statement.
 */
export const networkCauses: readonly Cause[] = [
  byCode({
    ETIMEDOUT: ({ target }) => `nothing answers at ${target.host}:${target.port}: ${timeoutCauses(target)}`,
    ECONNREFUSED: ({ target: { host, port } }) =>
      `${host} is up but nothing listens on port ${port}: check DB_PORT, and whether the server is restarting`,
    ENOTFOUND: ({ target: { host } }) =>
      `DNS does not know ${host}: check DB_HOST, and whether the endpoint was deleted`,
    EHOSTUNREACH: noRoute,
    ENETUNREACH: noRoute,
    ER_CON_COUNT_ERROR: ({ message }) =>
      PROXY_LIMIT.test(message)
        ? 'the proxy has reached its limit of connections: set a lower api.throttle or functions.<name>.reservedConcurrency, so that fewer containers start at once'
        : 'the server has no connection left: list the open ones with SHOW PROCESSLIST, or choose a larger instance class',
    ER_QUERY_INTERRUPTED: () =>
      'KILL QUERY ended the statement: find out who calls mysql.rds_kill_query; a later call may succeed',
    // https://dev.mysql.com/doc/refman/8.4/en/host-cache.html
    ER_HOST_IS_BLOCKED: () =>
      "the server blocks the client's address after too many interrupted logins: as the master user, TRUNCATE TABLE performance_schema.host_cache",
    ER_USER_LIMIT_REACHED: (failure) =>
      `${userNameOf(failure)} has reached its connection limit: raise maxConnections of this user`,
  }),
  noConnection,
];

/** Lists the causes of a timeout: a security group silently drops packets, or a proxy waits for a target that it cannot reach. */
function timeoutCauses({ host, port }: Failure['target']): string {
  const rules = (peer: string): string =>
    `from inside the VPC, the function's security group must allow port ${port} out to the ${peer}'s group, and the ${peer}'s group must allow this port in`;
  return parseHost(host)?.isProxy
    ? `${rules('proxy')}; ${UNREACHABLE_TARGET}`
    : `${rules('instance')}; from outside the VPC the instance must be publicly accessible, its subnets need a route to an internet gateway, and its security group must allow the client's address`;
}
