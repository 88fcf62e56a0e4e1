import { AlarmTopic, type AlarmTopicProps } from '../../../modules/operations/alarm-topic';
import { synthesiseAlone, type SynthesisedStack } from '../../support/synthesised-stack';

const withTopic = (props: Partial<AlarmTopicProps> = {}): SynthesisedStack =>
  synthesiseAlone((scope) => {
    new AlarmTopic(scope, 'topic', { name: 'test-alarms', ...props });
  });

/** Returns the principals that may publish. */
function publishersOf(stack: SynthesisedStack): unknown[] {
  const policy = stack.one('aws_sns_topic_policy').policy as string;
  const { Statement } = JSON.parse(policy.replace(/\$\{[^}]*\}/g, '')) as { Statement: { Principal: unknown }[] };
  return Statement.map(({ Principal }) => Principal);
}

describe('a topic for alarms', () => {
  it('has a subscription only with an e-mail address', () => {
    expect(withTopic().all('aws_sns_topic_subscription')).toEqual({});
    expect(withTopic({ email: 'a@acme.org' }).one('aws_sns_topic_subscription')).toMatchObject({
      protocol: 'email',
      endpoint: 'a@acme.org',
    });
  });

  it('accepts messages from CloudWatch, and from EventBridge only if acceptsEvents is set', () => {
    expect(publishersOf(withTopic())).toEqual([{ Service: 'cloudwatch.amazonaws.com' }]);
    expect(publishersOf(withTopic({ acceptsEvents: true }))).toEqual([
      { Service: 'cloudwatch.amazonaws.com' },
      { Service: 'events.amazonaws.com' },
    ]);
  });
});
