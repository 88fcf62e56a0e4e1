import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic';
import { SnsTopicPolicy } from '@cdktf/provider-aws/lib/sns-topic-policy';
import { SnsTopicSubscription } from '@cdktf/provider-aws/lib/sns-topic-subscription';
import { Construct } from 'constructs';
import { arnPart } from '../iam/connect';
import { policyDocument, type Statement } from '../iam/service-role';

export interface AlarmTopicProps {
  readonly name: string;
  /** Address to subscribe. @default - no subscription */
  readonly email?: string | undefined;
  /** Whether EventBridge rules publish here too. @default false */
  readonly acceptsEvents?: boolean;
  /** @default - the region of the stack */
  readonly provider?: AwsProvider;
}

/**
 * SNS topic for alarms. It is not encrypted with the AWS managed key, because CloudWatch cannot use that key. Its
 * messages contain no secrets.
 */
export class AlarmTopic extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, { name, email, provider, acceptsEvents = false }: AlarmTopicProps) {
    super(scope, id);
    const providerOption = provider ? { provider } : {};
    this.arn = new SnsTopic(this, 'topic', { ...providerOption, name }).arn;
    new SnsTopicPolicy(this, 'policy', {
      ...providerOption,
      arn: this.arn,
      policy: policyDocument('PublishAlarms', publishers(this.arn, acceptsEvents)),
    });
    if (email !== undefined) {
      new SnsTopicSubscription(this, 'email', {
        ...providerOption,
        topicArn: this.arn,
        protocol: 'email',
        endpoint: email,
      });
    }
  }
}

/**
 * Returns the statements that let AWS publish. SECURITY: alarms of other accounts may not publish. AWS documents no condition that
 * limits a topic to the EventBridge rules of one account. A rule of another account could therefore send a false notice, but do
 * nothing else.
 *
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
 */
function publishers(arn: string, acceptsEvents: boolean): Statement[] {
  const publish = { actions: ['sns:Publish'], resources: [arn] };
  const alarms = {
    ...publish,
    principals: { Service: 'cloudwatch.amazonaws.com' },
    condition: { StringEquals: { 'aws:SourceAccount': arnPart(arn, 'account') } },
  };
  return acceptsEvents ? [alarms, { ...publish, principals: { Service: 'events.amazonaws.com' } }] : [alarms];
}
