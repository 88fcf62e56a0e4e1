import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target';
import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Construct } from 'constructs';
import { AlarmTopic } from './alarm-topic';
import type { Metric } from './metrics';

export interface AlarmsProps {
  readonly name: string;
  readonly metrics: readonly Metric[];
  /** Address to subscribe to the topics. @default - no subscription */
  readonly email?: string | undefined;
  /** Provider of us-east-1. */
  readonly globalProvider: AwsProvider;
  /** ARNs of the secrets whose passwords are rotated. */
  readonly rotatedSecretArns: readonly string[];
}

/** Name and region of an alarm. */
export interface DeployedAlarm {
  readonly name: string;
  /** Whether it is in us-east-1 instead of the stack's region. */
  readonly global: boolean;
}

/** An alarm for each metric with a threshold, a rule for failed rotations if there are rotations, and the SNS topics for both. */
export class Alarms extends Construct {
  readonly deployedAlarms: readonly DeployedAlarm[];
  readonly topicArns: readonly string[];

  constructor(scope: Construct, id: string, { name, metrics, email, globalProvider, rotatedSecretArns }: AlarmsProps) {
    super(scope, id);
    const regionalTopic = new AlarmTopic(this, 'topic', {
      name: `${name}-alarms`,
      email,
      acceptsEvents: rotatedSecretArns.length > 0,
    });
    // An alarm must be in the region of its metric, and publishes only to a topic of that region.
    const globalTopic = metrics.some((metric) => metric.global)
      ? new AlarmTopic(this, 'global-topic', { name: `${name}-global-alarms`, email, provider: globalProvider })
      : undefined;
    this.topicArns = [regionalTopic, ...(globalTopic ? [globalTopic] : [])].map(({ arn }) => arn);

    if (rotatedSecretArns.length > 0)
      this.reportFailedRotations(`${name}-rotation-failed`, rotatedSecretArns, regionalTopic);
    this.deployedAlarms = metrics.flatMap((metric) => {
      const { id: metricId, alarm, namespace, metricName, dimensions, statistic, periodSeconds } = metric;
      if (!alarm) return [];
      const isGlobal = metric.global === true;
      const topic = isGlobal && globalTopic ? globalTopic : regionalTopic;
      const alarmName = `${name}-${metricId}`;
      new CloudwatchMetricAlarm(this, metricId, {
        ...(isGlobal && { provider: globalProvider }),
        alarmName,
        alarmDescription: alarm.description,
        namespace,
        metricName,
        dimensions: { ...dimensions },
        ...(statistic.startsWith('p') ? { extendedStatistic: statistic } : { statistic }),
        period: periodSeconds,
        comparisonOperator: alarm.when,
        threshold: alarm.threshold,
        evaluationPeriods: alarm.periods,
        // Missing data is usually no fault: most metrics have no data while there are no requests. If the database is down, its
        // metrics have no data either, but the 5xx alarms report that.
        treatMissingData: 'notBreaching',
        alarmActions: [topic.arn],
        okActions: [topic.arn],
      });
      return [{ name: alarmName, global: isGlobal }];
    });
  }

  /**
   * Sends Secrets Manager's events of failed rotations to the topic. The rotation function's own metrics are not enough: they show
   * nothing if Lambda refuses to invoke the function.
   *
   * https://docs.aws.amazon.com/secretsmanager/latest/userguide/monitoring-eventbridge.html
   */
  private reportFailedRotations(name: string, secretArns: readonly string[], topic: AlarmTopic): void {
    const scope = new Construct(this, 'rotation-failures');
    const rule = new CloudwatchEventRule(scope, 'rule', {
      name,
      description: 'A password was not rotated; the current one stays valid',
      eventPattern: JSON.stringify({
        source: ['aws.secretsmanager'],
        'detail-type': ['AWS Service Event via CloudTrail'],
        detail: { eventName: ['RotationFailed'], additionalEventData: { SecretId: secretArns } },
      }),
    });
    new CloudwatchEventTarget(scope, 'topic', { rule: rule.name, arn: topic.arn });
  }
}
