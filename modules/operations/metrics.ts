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
  /** What it means, and where to look. */
  readonly description: string;
}

/** A metric on the dashboard, with an alarm if an operator can act on it. */
export interface Metric {
  readonly id: string;
  /** Group on the dashboard. */
  readonly group: 'API' | 'Functions' | 'Database' | 'Proxies' | 'WAF';
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: 'Sum' | 'Average' | 'Maximum' | 'Minimum' | 'p95';
  readonly periodSeconds: number;
  /** Whether CloudWatch keeps it in us-east-1. */
  readonly global?: boolean;
  readonly alarm?: Threshold;
}

export interface MetricSources {
  readonly api?: RestApi;
  readonly edge?: Edge;
  readonly functions: readonly LambdaFunction[];
  readonly instance: DatabaseInstance;
  readonly proxies: readonly DatabaseProxy[];
}

const MINUTE = 60;
const FIVE_MINUTES = 5 * MINUTE;
const BYTES_IN_GIB = 1024 ** 3;

/** Lists the metrics of all monitored resources. */
export function metricsOf({ api, edge, functions, instance, proxies }: MetricSources): Metric[] {
  return [
    ...(api ? apiMetrics(api) : []),
    ...functions.flatMap(functionMetrics),
    ...instanceMetrics(instance),
    ...proxies.flatMap((proxy) => proxyMetrics(proxy, functions.some(isAuthMatrix))),
    ...(edge ? [blockedRequests(edge)] : []),
  ];
}

/** Each proxy refuses up to three logins of every GET /auth-matrix, as expected: 20 calls in a period raise no alarm. */
const REFUSALS_OF_PROBES = 60;

const isAuthMatrix = ({ folder }: LambdaFunction): boolean => folder === ROUTES.authMatrix.function;

const above = (threshold: number, periods: number, description: string): Threshold => ({
  when: 'GreaterThanThreshold',
  threshold,
  periods,
  description,
});

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html */
function apiMetrics({ name, stageName }: RestApi): Metric[] {
  const common = {
    group: 'API',
    namespace: 'AWS/ApiGateway',
    dimensions: { ApiName: name, Stage: stageName },
    periodSeconds: FIVE_MINUTES,
  } as const;
  return [
    { ...common, id: 'api-requests', metricName: 'Count', statistic: 'Sum' },
    {
      ...common,
      id: 'api-5xx',
      metricName: '5XXError',
      statistic: 'Sum',
      alarm: above(5, 1, 'Callers get 5xx. Look for level error in the logs of the functions; they name the request.'),
    },
    {
      ...common,
      id: 'api-latency',
      metricName: 'Latency',
      statistic: 'p95',
      // Milliseconds; longer than a cold start.
      alarm: above(3_000, 3, 'One call in twenty takes more than 3 s. Look at the database’s CPU and slow query log.'),
    },
  ];
}

/** https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html */
function functionMetrics({ name, folder }: LambdaFunction): Metric[] {
  const common = {
    group: 'Functions',
    namespace: 'AWS/Lambda',
    dimensions: { FunctionName: name },
    statistic: 'Sum',
    periodSeconds: FIVE_MINUTES,
  } as const;
  return [
    {
      ...common,
      id: `${folder}-errors`,
      metricName: 'Errors',
      alarm: above(0, 1, `The function ${folder} crashed or timed out. Its log shows where.`),
    },
    {
      ...common,
      id: `${folder}-throttles`,
      metricName: 'Throttles',
      alarm: above(0, 1, `Lambda throttled ${folder}. Raise its reserved concurrency or the account’s limit.`),
    },
  ];
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html */
function instanceMetrics({ identifier, allocatedStorageGib, maxConnections }: DatabaseInstance): Metric[] {
  const common = {
    group: 'Database',
    namespace: 'AWS/RDS',
    dimensions: { DBInstanceIdentifier: identifier },
    periodSeconds: FIVE_MINUTES,
  } as const;
  return [
    {
      ...common,
      id: 'database-cpu',
      metricName: 'CPUUtilization',
      statistic: 'Average',
      alarm: above(80, 3, 'The database has been busy for a quarter of an hour. Look at the slow query log.'),
    },
    {
      ...common,
      id: 'database-storage',
      metricName: 'FreeStorageSpace',
      statistic: 'Minimum',
      alarm: {
        when: 'LessThanThreshold',
        threshold: Math.round(allocatedStorageGib * BYTES_IN_GIB * 0.1),
        periods: 1,
        description: 'Less than a tenth of the storage is free. Raise database.allocatedStorageGib.',
      },
    },
    {
      ...common,
      id: 'database-connections',
      metricName: 'DatabaseConnections',
      statistic: 'Maximum',
      alarm: above(
        Math.round(maxConnections * 0.8),
        3,
        'Four fifths of the connections are in use. List them by user with SHOW PROCESSLIST.',
      ),
    },
  ];
}

/**
 * RDS Proxy has no metric for borrow timeouts, but one for the time that borrowing takes.
 *
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.monitoring.html
 */
function proxyMetrics({ name, kind }: DatabaseProxy, probed: boolean): Metric[] {
  const common = {
    group: 'Proxies',
    namespace: 'AWS/RDS',
    dimensions: { ProxyName: name },
    periodSeconds: FIVE_MINUTES,
  } as const;
  return [
    { ...common, id: `${kind}-clients`, metricName: 'ClientConnections', statistic: 'Maximum' },
    {
      ...common,
      id: `${kind}-pinned`,
      metricName: 'DatabaseConnectionsCurrentlySessionPinned',
      statistic: 'Maximum',
      alarm: above(
        0,
        3,
        'Sessions are pinned, so clients do not share the pool. The log of the proxy names the statement.',
      ),
    },
    {
      ...common,
      id: `${kind}-borrow-latency`,
      metricName: 'DatabaseConnectionsBorrowLatency',
      statistic: 'Maximum',
      // Microseconds: one second, a third of the proxy's default timeout.
      alarm: above(
        1_000_000,
        1,
        'Clients wait for a connection of the pool and will time out. Raise maxConnectionsPercent.',
      ),
    },
    {
      ...common,
      id: `${kind}-auth-failures`,
      metricName: 'ClientConnectionsSetupFailedAuth',
      statistic: 'Sum',
      alarm: above(
        probed ? REFUSALS_OF_PROBES : 0,
        1,
        'The proxy refused logins. The functions’ logs say what to check.',
      ),
    },
  ];
}

/** https://docs.aws.amazon.com/waf/latest/developerguide/waf-metrics.html */
function blockedRequests({ webAclName }: Edge): Metric {
  return {
    id: 'waf-blocks',
    group: 'WAF',
    namespace: 'AWS/WAFV2',
    metricName: 'BlockedRequests',
    dimensions: { WebACL: webAclName, Rule: 'ALL' },
    statistic: 'Sum',
    periodSeconds: FIVE_MINUTES,
    global: true,
    alarm: above(
      1_000,
      1,
      'Many requests from unknown addresses, or an office whose address changed. See the log of the WAF.',
    ),
  };
}
