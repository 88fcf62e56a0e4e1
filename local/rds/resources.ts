import type { Applied } from '../applied';

/** The attributes of applied resources that logins and pools need. Their names are those of the AWS provider. */

export interface DbInstance {
  readonly identifier: string;
  readonly arn: string;
  /** Host name; `null` until the instance exists. */
  readonly address: string | null;
  readonly port: number;
  readonly username: string;
  readonly resource_id: string;
  readonly iam_database_authentication_enabled: boolean;
  readonly parameter_group_name: string;
  readonly master_user_secret: readonly { readonly secret_arn: string }[] | null;
}

interface DbParameterGroup {
  readonly name: string;
  readonly parameter: readonly { readonly name: string; readonly value: string }[];
}

export interface DbProxy {
  readonly name: string;
  readonly arn: string;
  /** Host name; `null` until the proxy exists. */
  readonly endpoint: string | null;
  readonly require_tls: boolean;
  readonly role_arn: string;
  /** Seconds. */
  readonly idle_client_timeout: number;
  readonly auth: readonly ProxyAuth[];
  /** IAM_AUTH: the proxy logs in by IAM for users without a secret. Providers before 6.15 do not support it. */
  readonly default_auth_scheme?: string;
}

export interface ProxyAuth {
  readonly auth_scheme: string;
  readonly iam_auth: 'REQUIRED' | 'DISABLED';
  readonly client_password_auth_type: string | null;
  readonly secret_arn: string;
}

interface DbProxyTarget {
  readonly db_proxy_name: string;
  readonly db_instance_identifier: string | null;
}

export interface ConnectionPoolConfig {
  /** Seconds. */
  readonly connection_borrow_timeout: number;
  readonly max_connections_percent: number;
  readonly max_idle_connections_percent: number;
  /** Statements for every new connection to the database, separated by semicolons. */
  readonly init_query: string | null;
  readonly session_pinning_filters: readonly string[] | null;
}

interface DbProxyDefaultTargetGroup {
  readonly db_proxy_name: string;
  readonly connection_pool_config: readonly ConnectionPoolConfig[];
}

/** The only filter for pinning: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ConnectionPoolConfiguration.html */
export const EXCLUDE_VARIABLE_SETS = 'EXCLUDE_VARIABLE_SETS';

/** Whether a proxy logs in by IAM for users without a secret. */
export const isEndToEnd = ({ default_auth_scheme }: DbProxy): boolean => default_auth_scheme === 'IAM_AUTH';

/**
 * Returns why RDS would reject this proxy, and what to change. AWS documents that RDS rejects `iam_auth` REQUIRED without TLS.
 * It is an assumption that RDS also rejects `default_auth_scheme` IAM_AUTH without TLS.
 */
export function flawOf(proxy: DbProxy): { readonly reason: string; readonly fix: string } | undefined {
  const needsTls = isEndToEnd(proxy) || proxy.auth.some(({ iam_auth }) => iam_auth === 'REQUIRED');
  if (proxy.require_tls || !needsTls) return undefined;
  const scheme = isEndToEnd(proxy) ? 'default_auth_scheme IAM_AUTH' : 'iam_auth REQUIRED';
  return {
    reason: `require_tls must be true, got false. RDS Proxy refuses ${scheme} without TLS.`,
    fix: 'Set require_tls to true.',
  };
}

/** Resource id of a proxy, `prx-…`. IAM policies for `rds-db:connect` name the proxy by it. */
export const resourceIdOf = ({ arn }: DbProxy): string => arn.split(':').at(-1) ?? '';

/** RDS's defaults, for a proxy whose pool Terraform does not configure. */
const POOL_DEFAULTS: ConnectionPoolConfig = {
  connection_borrow_timeout: 120,
  max_connections_percent: 100,
  max_idle_connections_percent: 50,
  init_query: null,
  session_pinning_filters: null,
};

/** Values of the instance's parameter group, by parameter name. */
export function parametersOf(applied: Applied, instance: DbInstance): Readonly<Record<string, string>> {
  const group = applied.find<DbParameterGroup>(
    'aws_db_parameter_group',
    ({ name }) => name === instance.parameter_group_name,
  );
  return Object.fromEntries((group?.parameter ?? []).map(({ name, value }) => [name.toLowerCase(), value]));
}

export const requiresTls = (applied: Applied, instance: DbInstance): boolean =>
  /^(1|on)$/i.test(parametersOf(applied, instance)['require_secure_transport'] ?? '');

/** A proxy's target instance, if any. */
export function targetInstanceOf(applied: Applied, proxy: DbProxy): DbInstance | undefined {
  const target = applied.find<DbProxyTarget>(
    'aws_db_proxy_target',
    ({ db_proxy_name }) => db_proxy_name === proxy.name,
  );
  return applied.find<DbInstance>('aws_db_instance', ({ identifier }) => identifier === target?.db_instance_identifier);
}

/** Returns the configuration of a proxy's pool. @throws Error if RDS would reject it, although moto has accepted it. */
export function poolConfigOf(applied: Applied, proxy: DbProxy): ConnectionPoolConfig {
  const group = applied.find<DbProxyDefaultTargetGroup>(
    'aws_db_proxy_default_target_group',
    ({ db_proxy_name }) => db_proxy_name === proxy.name,
  );
  const config = group?.connection_pool_config[0] ?? POOL_DEFAULTS;
  const { max_connections_percent: most, max_idle_connections_percent: idle } = config;
  for (const filter of config.session_pinning_filters ?? []) {
    if (filter === EXCLUDE_VARIABLE_SETS) continue;
    throw new Error(
      `session_pinning_filters of the proxy "${proxy.name}" must be ${EXCLUDE_VARIABLE_SETS}, got ${filter}: RDS has no other filter. Remove ${filter}.`,
    );
  }
  if (idle <= most) return config;
  throw new Error(
    `max_idle_connections_percent of the proxy "${proxy.name}" must be at most max_connections_percent ${most}, got ${idle}: ` +
      'RDS refuses to keep more connections idle than the pool may hold. Lower max_idle_connections_percent.',
  );
}
