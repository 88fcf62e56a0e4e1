import type { Applied } from '../../local';
import {
  type DbInstance,
  type DbProxy,
  isEndToEnd,
  type Network,
  type Permissions,
  type Route53Record,
  targetInstanceOf,
} from '../../local/decisions';
import type { DeployedLogin } from './deployed-logins';

/** The inputs for checking the conditions of one login. */
export interface ConditionInputs {
  readonly applied: Applied;
  readonly network: Network;
  readonly permissions: Permissions;
  readonly login: DeployedLogin;
  /** Loopback address of the client. */
  readonly from: string;
  /** Undefined if the host of the login is no endpoint of the deployment. */
  readonly target: Target | undefined;
  readonly zipOf: ZipOf;
}

/**
 * Returns the zip of a layer by its hash (SHA-256, base64); `undefined` if this machine does not have it.
 *
 * @param filename path of the zip in a synthesised stack, if known
 */
export type ZipOf = (codeSha256: string, filename: string | null) => Uint8Array | undefined;

/** The endpoint of a login: an instance or a proxy. */
export type Target =
  | { readonly kind: 'instance'; readonly host: string; readonly instance: DbInstance }
  | { readonly kind: 'proxy'; readonly host: string; readonly proxy: DbProxy };

/**
 * Finds the endpoint with a name, or the endpoint to which a CNAME of that name points.
 *
 * @param followed names of the CNAMEs on the way; CNAMEs that form a loop lead to no endpoint
 */
export function targetAt(applied: Applied, host: string, followed: readonly string[] = []): Target | undefined {
  const instance = applied.find<DbInstance>('aws_db_instance', ({ address }) => address === host);
  if (instance) return { kind: 'instance', host, instance };
  const proxy = applied.find<DbProxy>('aws_db_proxy', ({ endpoint }) => endpoint === host);
  if (proxy) return { kind: 'proxy', host, proxy };
  const next = aliasOf(applied, host)?.records[0];
  return next === undefined || followed.includes(next) ? undefined : targetAt(applied, next, [...followed, host]);
}

/** Whether the login’s target is a proxy that logs in to the instance by IAM: it has end-to-end IAM and no secret of the user. */
export const proxyLogsInByIam = ({ target, login }: ConditionInputs): boolean =>
  target?.kind === 'proxy' &&
  isEndToEnd(target.proxy) &&
  !target.proxy.auth.some(({ secret_arn }) => secret_arn === login.user?.secretArn);

/** The instance that checks a token: the endpoint itself, or the target of a proxy that logs in by IAM. */
export function iamInstanceOf(inputs: ConditionInputs): DbInstance | undefined {
  const { applied, target } = inputs;
  if (target?.kind === 'instance') return target.instance;
  return target && proxyLogsInByIam(inputs) ? targetInstanceOf(applied, target.proxy) : undefined;
}

export const aliasOf = (applied: Applied, host: string): Route53Record | undefined =>
  applied.find<Route53Record>('aws_route53_record', ({ fqdn, type }) => fqdn === host && type === 'CNAME');
