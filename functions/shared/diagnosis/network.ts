import { onCode as on, onMessage, readHost, userOf, type Cause, type Failure } from './cause';

/** RDS Proxy's words where clients ask too much of it, under the number that MySQL has for a full server. */
const PROXY_LIMIT = /rate limit exceeded|^Number simultaneous connections exceeded/;

/** The server cannot be reached, or has no room: waiting, or the network, decides. */
export const networkCauses: readonly Cause[] = [
  on('ETIMEDOUT', ({ target }) => `nothing answers at ${target.host}:${target.port}: ${silenceOf(target)}`),
  on(
    'ECONNREFUSED',
    ({ target }) =>
      `${target.host} is there and nothing listens at port ${target.port}: look whether it restarts, and at DB_PORT`,
  ),
  on(
    'ENOTFOUND',
    ({ target }) => `${target.host} is no name that DNS knows: look whether it was deleted, and at DB_HOST`,
  ),
  on('EHOSTUNREACH', ({ target }) => `there is no route to ${target.host}: look at the route tables of both subnets`),
  on('ENETUNREACH', ({ target }) => `there is no route to ${target.host}: look at the route tables of both subnets`),
  on('ER_CON_COUNT_ERROR', ({ message }) =>
    PROXY_LIMIT.test(message)
      ? 'the proxy takes in no more connections at a time: let fewer containers start at once, by reservedConcurrency of the function or by api.throttle'
      : 'the server has no connection left: see who holds them with SHOW PROCESSLIST, or take a larger class',
  ),
  on(
    'ER_USER_LIMIT_REACHED',
    (failure) => `${userOf(failure)} holds as many connections as it may: raise maxConnections of this user`,
  ),
  onMessage(
    /^Timed-out waiting to acquire database connection/,
    () =>
      'the pool of the proxy is full: raise maxConnectionsPercent, or look at pinned sessions in the log of the proxy',
  ),
];

/** A closed security group drops packets and says nothing; so does a proxy that waits for its target. */
function silenceOf({ host, port }: Failure['target']): string {
  const letOut = `in the VPC the function's security group must let port ${port} out to that of`;
  return readHost(host)?.isProxy
    ? `${letOut} the proxy, and that one must let it in; or the proxy does not reach its target, which TargetHealth of describe-db-proxy-targets tells`
    : `${letOut} the instance, and that one must let it in; from outside the VPC the instance must be publicly accessible, its subnets need a route to an internet gateway, and its group a rule for the address`;
}
