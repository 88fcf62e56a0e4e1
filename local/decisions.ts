/** AWS’s rules for permissions, connections and logins, for programs that explain why a login succeeds or fails. */
export { type Signer, signersIn } from './certificates/authorities';
export { type Decision, evaluate } from './iam/evaluate';
export { Permissions } from './iam/permissions';
export type { Policy, Statement } from './iam/policy';
export { matchesAction } from './iam/wildcards';
export type { AppliedFunction } from './lambda/applied-function';
export type { ConnectionCondition } from './network/connection-condition';
export { Network } from './network/network';
export type { Route53Record, VpcConfig } from './network/resources';
export { MYSQL_PORT } from './network/peers';
export { Subnets } from './network/subnets';
export { connectArn } from './rds/login/iam-authentication';
export {
  type DbInstance,
  type DbProxy,
  flawOf,
  isEndToEnd,
  type ProxyAuth,
  requiresTls,
  resourceIdOf,
  targetInstanceOf,
} from './rds/resources';
