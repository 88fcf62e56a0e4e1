import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic';
import { SnsTopicPolicy } from '@cdktf/provider-aws/lib/sns-topic-policy';
import { SnsTopicSubscription } from '@cdktf/provider-aws/lib/sns-topic-subscription';
import { Construct } from 'constructs';
import { arnPart } from '../iam/connect';
import { policyDocument, type Statement } from '../iam/service-role';

export interface AlarmTopicProps {
  readonly name: string;
  /** Who is told. @default - whoever subscribes to the topic */
  readonly email?: string | undefined;
  /** Whether rules of EventBridge publish here, too. @default false */
  readonly tellsEvents?: boolean;
  /** @default - the region of the stack */
  readonly provider?: AwsProvider;
}

/**
 * Where alarms are told. It is not encrypted with the AWS managed key, since CloudWatch may not use that one; alarms
 * hold names and numbers.
 */
export class AlarmTopic extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, { name, email, provider, tellsEvents = false }: AlarmTopicProps) {
    super(scope, id);
    const at = provider ? { provider } : {};
    this.arn = new SnsTopic(this, 'topic', { ...at, name }).arn;
    new SnsTopicPolicy(this, 'policy', {
      ...at,
      arn: this.arn,
      policy: policyDocument('PublishAlarms', publishers(this.arn, tellsEvents)),
    });
    if (email !== undefined) {
      new SnsTopicSubscription(this, 'email', { ...at, topicArn: this.arn, protocol: 'email', endpoint: email });
    }
  }
}

/**
 * SECURITY: only alarms of the topic's own account publish. For rules of EventBridge AWS documents no condition on a topic
 * that works: another account's rule could send a false notice here, and nothing else.
 *
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
 */
function publishers(arn: string, tellsEvents: boolean): Statement[] {
  const publish = { actions: ['sns:Publish'], resources: [arn] };
  const alarms = {
    ...publish,
    principals: { Service: 'cloudwatch.amazonaws.com' },
    condition: { StringEquals: { 'aws:SourceAccount': arnPart(arn, 'account') } },
  };
  return tellsEvents ? [alarms, { ...publish, principals: { Service: 'events.amazonaws.com' } }] : [alarms];
}
