import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Construct } from 'constructs';
import type { Metric } from './metrics';
import { AlarmTopic } from './alarm-topic';
import { RotationFailures } from './rotation-failures';

export interface AlarmsProps {
  readonly name: string;
  readonly metrics: readonly Metric[];
  /** Who is told. @default - whoever subscribes to the topics */
  readonly email?: string | undefined;
  /** Provider of us-east-1. */
  readonly global: AwsProvider;
  /** ARNs of the secrets whose passwords are rotated. */
  readonly rotatedSecretArns: readonly string[];
}

/** Where an alarm is found. */
export interface AlarmPlace {
  readonly name: string;
  /** Whether it is in us-east-1, and not in the stack's region. */
  readonly global: boolean;
}

/** An alarm for each metric that has a threshold, and the topics that tell about them. */
export class Alarms extends Construct {
  readonly places: readonly AlarmPlace[];

  constructor(scope: Construct, id: string, { name, metrics, email, global, rotatedSecretArns }: AlarmsProps) {
    super(scope, id);
    const regional = new AlarmTopic(this, 'topic', {
      name: `${name}-alarms`,
      email,
      tellsEvents: rotatedSecretArns.length > 0,
    });
    // An alarm lives where its metric is, and tells a topic of its own region only.
    const worldwide = metrics.some((metric) => metric.global)
      ? new AlarmTopic(this, 'global-topic', { name: `${name}-global-alarms`, email, provider: global })
      : undefined;

    if (rotatedSecretArns.length > 0) {
      const failures = { name: `${name}-rotation-failed`, secretArns: rotatedSecretArns, topic: regional };
      new RotationFailures(this, 'rotation-failures', failures);
    }
    const places: AlarmPlace[] = [];
    for (const metric of metrics) {
      if (!metric.alarm) continue;
      const topic = metric.global && worldwide ? worldwide : regional;
      const alarmName = `${name}-${metric.id}`;
      places.push({ name: alarmName, global: metric.global === true });
      new CloudwatchMetricAlarm(this, metric.id, {
        ...(metric.global && { provider: global }),
        alarmName,
        alarmDescription: metric.alarm.description,
        namespace: metric.namespace,
        metricName: metric.metricName,
        dimensions: { ...metric.dimensions },
        ...(metric.statistic.startsWith('p')
          ? { extendedStatistic: metric.statistic }
          : { statistic: metric.statistic }),
        period: metric.periodSeconds,
        comparisonOperator: metric.alarm.when,
        threshold: metric.alarm.threshold,
        evaluationPeriods: metric.alarm.periods,
        // No requests, no data: a quiet night is no reason to wake anyone.
        treatMissingData: 'notBreaching',
        alarmActions: [topic.arn],
        okActions: [topic.arn],
      });
    }
    this.places = places;
  }
}
