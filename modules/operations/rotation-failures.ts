import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target';
import { Construct } from 'constructs';
import type { AlarmTopic } from './alarm-topic';

export interface RotationFailuresProps {
  readonly name: string;
  readonly secretArns: readonly string[];
  readonly topic: AlarmTopic;
}

/**
 * Sends Secrets Manager's events of failed rotations to the alarm topic. The function's metrics miss a rotation for which
 * Lambda refused to invoke the function.
 *
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/monitoring-eventbridge.html
 */
export class RotationFailures extends Construct {
  constructor(scope: Construct, id: string, { name, secretArns, topic }: RotationFailuresProps) {
    super(scope, id);
    const rule = new CloudwatchEventRule(this, 'rule', {
      name,
      description: 'A password was not rotated; the current one stays valid',
      eventPattern: JSON.stringify({
        source: ['aws.secretsmanager'],
        'detail-type': ['AWS Service Event via CloudTrail'],
        detail: { eventName: ['RotationFailed'], additionalEventData: { SecretId: secretArns } },
      }),
    });
    new CloudwatchEventTarget(this, 'topic', { rule: rule.name, arn: topic.arn });
  }
}
