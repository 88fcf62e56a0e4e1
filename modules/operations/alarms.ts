import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Construct } from 'constructs';
import { AlarmTopic } from './alarm-topic';
import { PERIOD_SECONDS, type Metric } from './metrics';
import { RotationFailures } from './rotation-failures';

export interface AlarmsProps {
  readonly name: string;
  readonly metrics: readonly Metric[];
  /** Address to subscribe to the topics. @default - no subscription */
  readonly email?: string | undefined;
  /** Provider of us-east-1. */
  readonly global: AwsProvider;
  /** ARNs of the secrets whose passwords are rotated. */
  readonly rotatedSecretArns: readonly string[];
}

/** Name and region of an alarm. */
export interface AlarmPlace {
  readonly name: string;
  /** Whether it is in us-east-1 instead of the stack's region. */
  readonly global: boolean;
}

/** An alarm for each metric with a threshold, and the topics that they publish to. */
export class Alarms extends Construct {
  readonly places: readonly AlarmPlace[];

  constructor(scope: Construct, id: string, { name, metrics, email, global, rotatedSecretArns }: AlarmsProps) {
    super(scope, id);
    const regional = new AlarmTopic(this, 'topic', {
      name: `${name}-alarms`,
      email,
      acceptsEvents: rotatedSecretArns.length > 0,
    });
    // An alarm must be in the region of its metric, and publishes only to a topic of that region.
    const worldwide = metrics.some((metric) => metric.global)
      ? new AlarmTopic(this, 'global-topic', { name: `${name}-global-alarms`, email, provider: global })
      : undefined;

    if (rotatedSecretArns.length > 0) {
      const failures = { name: `${name}-rotation-failed`, secretArns: rotatedSecretArns, topic: regional };
      new RotationFailures(this, 'rotation-failures', failures);
    }
    this.places = metrics.flatMap((metric) => {
      const { id: metricId, alarm, namespace, metricName, dimensions, statistic } = metric;
      if (!alarm) return [];
      const isGlobal = metric.global === true;
      const topic = isGlobal && worldwide ? worldwide : regional;
      const alarmName = `${name}-${metricId}`;
      new CloudwatchMetricAlarm(this, metricId, {
        ...(isGlobal && { provider: global }),
        alarmName,
        alarmDescription: alarm.description,
        namespace,
        metricName,
        dimensions: { ...dimensions },
        ...(statistic.startsWith('p') ? { extendedStatistic: statistic } : { statistic }),
        period: PERIOD_SECONDS,
        comparisonOperator: alarm.when,
        threshold: alarm.threshold,
        evaluationPeriods: alarm.periods,
        // No requests mean no data, which is not a fault.
        treatMissingData: 'notBreaching',
        alarmActions: [topic.arn],
        okActions: [topic.arn],
      });
      return [{ name: alarmName, global: isGlobal }];
    });
  }
}
