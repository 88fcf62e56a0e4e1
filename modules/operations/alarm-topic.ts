import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic';
import { SnsTopicPolicy } from '@cdktf/provider-aws/lib/sns-topic-policy';
import { SnsTopicSubscription } from '@cdktf/provider-aws/lib/sns-topic-subscription';
import { Construct } from 'constructs';
import { policyDocument } from '../iam/service-role';

export interface AlarmTopicProps {
  readonly name: string;
  /** Who is told. @default - whoever subscribes to the topic */
  readonly email?: string | undefined;
  /** @default - the region of the stack */
  readonly provider?: AwsProvider;
}

/**
 * Where alarms are told. It is not encrypted with the AWS managed key, since CloudWatch may not use that one; alarms
 * hold names and numbers.
 */
export class AlarmTopic extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, { name, email, provider }: AlarmTopicProps) {
    super(scope, id);
    const at = provider ? { provider } : {};
    this.arn = new SnsTopic(this, 'topic', { ...at, name }).arn;
    new SnsTopicPolicy(this, 'policy', {
      ...at,
      arn: this.arn,
      policy: policyDocument('PublishAlarms', [
        { principals: { Service: 'cloudwatch.amazonaws.com' }, actions: ['sns:Publish'], resources: [this.arn] },
      ]),
    });
    if (email !== undefined) {
      new SnsTopicSubscription(this, 'email', { ...at, topicArn: this.arn, protocol: 'email', endpoint: email });
    }
  }
}
