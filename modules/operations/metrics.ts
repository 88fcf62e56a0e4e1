import { ROUTES } from '../../contract/routes';
import type { RestApi } from '../api/rest-api';
import type { LambdaFunction } from '../compute/lambda-function';
import type { DatabaseInstance } from '../database/database-instance';
import type { Edge } from '../edge/edge';
import type { DatabaseProxy } from '../proxy/database-proxy';

/** Condition of an alarm. */
interface Threshold {
  readonly when: 'GreaterThanThreshold' | 'LessThanThreshold';
  readonly threshold: number;
  /** Number of consecutive periods. */
  readonly periods: number;
  /** What the alarm means, and where to look. */
  readonly description: string;
}

/** What the metrics of one resource share. */
interface Source {
  /** Group on the dashboard. */
  readonly group: 'API' | 'Functions' | 'Database' | 'Proxies' | 'WAF' | 'CloudFront';
  readonly namespace: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** Whether CloudWatch keeps the metrics in us-east-1. */
  readonly global?: boolean;
}

/** A metric on the dashboard, with an alarm if an operator can act on it. */
export interface Metric extends Source {
  readonly id: string;
  readonly metricName: string;
  readonly statistic: 'Sum' | 'Average' | 'Maximum' | 'Minimum' | 'p95';
  readonly periodSeconds: number;
  readonly alarm?: Threshold | undefined;
}

export interface MetricSources {
  readonly api: RestApi | undefined;
  readonly edge: Edge | undefined;
  readonly functions: readonly LambdaFunction[];
  readonly instance: DatabaseInstance;
  readonly proxies: readonly DatabaseProxy[];
}

/** Default period of a metric. */
const PERIOD_SECONDS = 5 * 60;

const BYTES_IN_GIB = 1024 ** 3;

/** Passwords that GET /auth-matrix may try for a probe: the current one, and if it is refused, the previous one. */
const PASSWORDS = 2;

/**
 * The maximum number of logins that one proxy refuses in a GET /auth-matrix if nothing is wrong. Each call tries the passwords and
 * one token, with and without TLS. At least one of these logins succeeds: it uses TLS and a password or token that the proxy accepts.
 */
const REFUSALS_OF_CALL = 2 * (PASSWORDS + 1) - 1;

/** Number of GET /auth-matrix calls in one period that must not raise the alarm for refused logins. */
const CALLS_WITHOUT_ALARM = 20;

/**
 * The most logins that one proxy refuses after a rotation without faults: two for each container. At first, the
 * proxy may not know the new password yet. Later, it may have dropped the previous one (docs/adr/0010-two-passwords-at-a-time.md). A new
 * AWS account runs at most ten containers at once. If the functions can no longer log in, api-5xx is in alarm first, so this threshold may
 * be high.
 */
const REFUSALS_OF_ROTATION = 2 * 10;

/** Lists the metrics of all monitored resources. */
export function metricsOf({ api, edge, functions, instance, proxies }: MetricSources): Metric[] {
  return [
    ...(api ? apiMetrics(api) : []),
    ...functions.flatMap(functionMetrics),
    ...instanceMetrics(instance),
    ...proxies.flatMap((proxy) => proxyMetrics(proxy, functions.some(isAuthMatrix))),
    ...(edge ? [blockedRequests(edge), failedRequests(edge)] : []),
  ];
}

const isAuthMatrix = ({ folder }: LambdaFunction): boolean => folder === ROUTES.authMatrix.function;

/** Makes a function that describes the metrics of a resource. */
const metricsFrom =
  (source: Source) =>
  (metricName: string, statistic: Metric['statistic'], id: string, alarm?: Threshold): Metric => ({
    ...source,
    id,
    metricName,
    statistic,
    periodSeconds: PERIOD_SECONDS,
    alarm,
  });

const above = (threshold: number, periods: number, description: string): Threshold => ({
  when: 'GreaterThanThreshold',
  threshold,
  periods,
  description,
});

/**
 * 5XXError counts the functions' 5xx answers, and API Gateway's 504 if a function takes longer than 29 s. It misses the 503 for
 * throttled and crashed functions: modules/api/gateway-responses.ts sets this status, and API Gateway counts every response with a changed
 * status as 4XXError, even a 503. The functions' own alarms report throttling and crashes.
 *
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html
 */
function apiMetrics({ name, stageName }: RestApi): Metric[] {
  const dimensions = { ApiName: name, Stage: stageName };
  const metric = metricsFrom({ group: 'API', namespace: 'AWS/ApiGateway', dimensions });
  const failing = 'The functions answer 5xx. Look in their logs for lines with level "error", which name the request.';
  const slow = 'One call in twenty takes more than 3 s. Look at the database’s CPU and slow query log.';
  return [
    metric('Count', 'Sum', 'api-requests'),
    metric('5XXError', 'Sum', 'api-5xx', above(5, 1, failing)),
    // The threshold is in milliseconds. A cold start takes less.
    metric('Latency', 'p95', 'api-latency', above(3_000, 3, slow)),
  ];
}

/** https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html */
function functionMetrics({ name, folder }: LambdaFunction): Metric[] {
  const metric = metricsFrom({ group: 'Functions', namespace: 'AWS/Lambda', dimensions: { FunctionName: name } });
  const failing = `The function ${folder} crashed or timed out. Its log shows where.`;
  const throttled = `Lambda throttled ${folder}. Raise its reserved concurrency or the account’s limit.`;
  return [
    metric('Errors', 'Sum', `${folder}-errors`, above(0, 1, failing)),
    metric('Throttles', 'Sum', `${folder}-throttles`, above(0, 1, throttled)),
  ];
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html */
function instanceMetrics({ identifier, props }: DatabaseInstance): Metric[] {
  const { allocatedStorageGib, maxConnections, applyImmediately } = props;
  const dimensions = { DBInstanceIdentifier: identifier };
  const metric = metricsFrom({ group: 'Database', namespace: 'AWS/RDS', dimensions });
  const busy = 'The database has been busy for a quarter of an hour. Look at the slow query log.';
  const waiting = applyImmediately
    ? ''
    : ' Also set database.applyImmediately to true, or the change waits for the maintenance window.';
  const many = 'Four fifths of the connections are in use. List them by user with SHOW PROCESSLIST.';
  return [
    metric('CPUUtilization', 'Average', 'database-cpu', above(80, 3, busy)),
    metric('FreeStorageSpace', 'Minimum', 'database-storage', {
      when: 'LessThanThreshold',
      threshold: Math.round(allocatedStorageGib * BYTES_IN_GIB * 0.1),
      periods: 1,
      description: `Less than a tenth of the storage is free. Raise database.allocatedStorageGib.${waiting}`,
    }),
    metric('DatabaseConnections', 'Maximum', 'database-connections', above(Math.round(maxConnections * 0.8), 3, many)),
  ];
}

/**
 * RDS Proxy has no metric for borrow timeouts, but one for the time that borrowing takes.
 *
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.monitoring.html
 */
function proxyMetrics({ name, kind }: DatabaseProxy, isProbed: boolean): Metric[] {
  const metric = metricsFrom({ group: 'Proxies', namespace: 'AWS/RDS', dimensions: { ProxyName: name } });
  const pinned = 'Sessions are pinned, so clients do not share the pool. The log of the proxy names the statement.';
  const waiting = 'Clients wait for a connection of the pool and will time out. Raise maxConnectionsPercent.';
  const refused =
    'The proxy refused more logins than a rotation or GET /auth-matrix explains. The functions’ logs say what to check.';
  const refusals = isProbed ? CALLS_WITHOUT_ALARM * REFUSALS_OF_CALL : REFUSALS_OF_ROTATION;
  return [
    // Each node of the proxy reports its own clients once a minute. Over a longer period, a sum counts each client repeatedly.
    { ...metric('ClientConnections', 'Sum', `${kind}-clients`), periodSeconds: 60 },
    // The maximum is the highest value of a single node, not the sum of all nodes. This is enough for a threshold of zero.
    metric('DatabaseConnectionsCurrentlySessionPinned', 'Maximum', `${kind}-pinned`, above(0, 3, pinned)),
    // The threshold is in microseconds: one second, a third of the default of proxies.borrowTimeoutSeconds.
    metric('DatabaseConnectionsBorrowLatency', 'Maximum', `${kind}-borrow-latency`, above(1_000_000, 1, waiting)),
    metric('ClientConnectionsSetupFailedAuth', 'Sum', `${kind}-auth-failures`, above(refusals, 1, refused)),
  ];
}

/** https://docs.aws.amazon.com/waf/latest/developerguide/waf-metrics.html */
function blockedRequests({ webAclName }: Edge): Metric {
  const dimensions = { WebACL: webAclName, Rule: 'ALL' };
  const metric = metricsFrom({ group: 'WAF', namespace: 'AWS/WAFV2', dimensions, global: true });
  const unknown =
    'The WAF blocked many requests: from unknown addresses, from an office whose address changed, or above the rate limit. See the log of the WAF.';
  return metric('BlockedRequests', 'Sum', 'waf-blocks', above(1_000, 1, unknown));
}

/**
 * Measures every 5xx that callers get, also those that api-5xx misses: API Gateway's own 503, and CloudFront's answer if it cannot
 * reach API Gateway. CloudFront's rates support only the statistic Average.
 *
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/programming-cloudwatch-metrics.html
 */
function failedRequests({ distributionId }: Edge): Metric {
  const dimensions = { DistributionId: distributionId, Region: 'Global' };
  const metric = metricsFrom({ group: 'CloudFront', namespace: 'AWS/CloudFront', dimensions, global: true });
  const failing =
    'More than 5 % of the requests get 5xx. If api-5xx is not in alarm, either there are too few requests to trigger it, or the cause is another: ' +
    'a function is throttled or crashes, API Gateway lacks the permission to invoke a function, or CloudFront cannot reach API Gateway. ' +
    'docs/troubleshooting.md explains each 5xx response.';
  return metric('5xxErrorRate', 'Average', 'edge-5xx', above(5, 3, failing));
}
