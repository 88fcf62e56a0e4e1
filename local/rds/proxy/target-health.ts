/**
 * Whether a proxy can connect to its target, as DescribeDBProxyTargets reports it.
 *
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.troubleshooting.html#rds-proxy-verifying
 */
export interface TargetHealth {
  readonly state: 'AVAILABLE' | 'UNAVAILABLE';
  /** Absent if the target is available. */
  readonly reason?: 'PENDING_PROXY_CAPACITY' | 'UNREACHABLE' | 'CONNECTION_FAILED' | 'AUTH_FAILURE';
  readonly description?: string;
}

export const AVAILABLE: TargetHealth = { state: 'AVAILABLE' };

export const unavailable = (reason: NonNullable<TargetHealth['reason']>, description: string): TargetHealth => ({
  state: 'UNAVAILABLE',
  reason,
  description,
});
