import { AlarmTopic, type AlarmTopicProps } from '../../../modules/operations/alarm-topic';
import { alone, type Synthesised } from '../../support/synthesised';

const withTopic = (more: Partial<AlarmTopicProps> = {}): Synthesised =>
  alone((scope) => {
    new AlarmTopic(scope, 'topic', { name: 'test-alarms', ...more });
  });

/** Returns the services that may publish. */
function publishersOf(stack: Synthesised): unknown[] {
  const policy = stack.one('aws_sns_topic_policy').policy as string;
  const { Statement } = JSON.parse(policy.replace(/\$\{[^}]*\}/g, '')) as { Statement: { Principal: unknown }[] };
  return Statement.map(({ Principal }) => Principal);
}

describe('a topic for alarms', () => {
  it('has no subscription without an address', () => {
    expect(withTopic().all('aws_sns_topic_subscription')).toEqual({});
    expect(withTopic({ email: 'a@acme.org' }).one('aws_sns_topic_subscription')).toMatchObject({
      protocol: 'email',
      endpoint: 'a@acme.org',
    });
  });

  it('accepts messages of CloudWatch, and of EventBridge only if rules publish to it', () => {
    expect(publishersOf(withTopic())).toEqual([{ Service: 'cloudwatch.amazonaws.com' }]);
    expect(publishersOf(withTopic({ acceptsEvents: true }))).toEqual([
      { Service: 'cloudwatch.amazonaws.com' },
      { Service: 'events.amazonaws.com' },
    ]);
  });
});
