import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target';
import { Construct } from 'constructs';
import type { AlarmTopic } from './alarm-topic';

export interface RotationFailuresProps {
  readonly name: string;
  /** ARNs of the secrets that are rotated. */
  readonly secretArns: readonly string[];
  readonly topic: AlarmTopic;
}

/**
 * Sends Secrets Manager's own event of a failed rotation to the alarm topic. The metrics of the rotation function miss a
 * rotation that Lambda refused to invoke.
 *
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/monitoring-eventbridge.html
 */
export class RotationFailures extends Construct {
  constructor(scope: Construct, id: string, { name, secretArns, topic }: RotationFailuresProps) {
    super(scope, id);
    const rule = new CloudwatchEventRule(this, 'rule', {
      name,
      description: 'A password was not rotated; the present one stays valid',
      eventPattern: JSON.stringify({
        source: ['aws.secretsmanager'],
        'detail-type': ['AWS Service Event via CloudTrail'],
        detail: { eventName: ['RotationFailed'], additionalEventData: { SecretId: secretArns } },
      }),
    });
    new CloudwatchEventTarget(this, 'topic', { rule: rule.name, arn: topic.arn });
  }
}
