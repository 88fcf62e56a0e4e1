import type { MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { OUTPUTS, checkedRows, standInForAllTests, TOPIC } from '../../support/deployment-stand-in';

const standIn = standInForAllTests();

/**
 * Returns a stand-in for CloudWatch whose alarms have these states.
 *
 * @param global state of the alarms in us-east-1. @default - no alarms exist there
 */
const alarmsWith = (regional: MetricAlarm, global?: MetricAlarm) => (region: string, names: readonly string[]) => {
  const state = region === 'us-east-1' ? global : regional;
  return Promise.resolve(state ? names.map((AlarmName) => ({ AlarmName, ...state })) : []);
};

describe('the check of alarms', () => {
  it('reports a raised alarm and a missing one', async () => {
    const alarms = alarmsWith({ StateValue: 'ALARM', AlarmDescription: 'Callers get 5xx.', StateReason: '7 > 5' });
    expect(await standIn().unexpectedInAws({ alarms })).toEqual([
      ['login-matrix-test-api-5xx', 'ALARM: Callers get 5xx. 7 > 5'],
      ['login-matrix-test-waf-blocks', 'it does not exist'],
    ]);
  });

  it('reports an alarm with disabled actions, and reports as “not checked” an alarm that was never evaluated', async () => {
    const disabled: MetricAlarm = { StateValue: 'OK', ActionsEnabled: false, AlarmActions: ['topic'] };
    const alarms = alarmsWith(disabled, { StateValue: 'INSUFFICIENT_DATA' });
    expect(await standIn().unexpectedInAws({ alarms })).toEqual([
      ['login-matrix-test-api-5xx', 'OK, but its actions are disabled'],
      [
        'login-matrix-test-waf-blocks',
        'not checked: CloudWatch has not evaluated it yet; a new alarm takes up to five minutes',
      ],
    ]);
  });

  it('reports alarms that have no action', async () => {
    const alarms = alarmsWith({ StateValue: 'OK' }, { StateValue: 'OK' });
    expect(await standIn().unexpectedInAws({ alarms })).toEqual([
      ['login-matrix-test-api-5xx', 'OK, but it has no action'],
      ['login-matrix-test-waf-blocks', 'OK, but it has no action'],
    ]);
  });
});

describe('the check of the subscriptions of alarm topics', () => {
  const email = (SubscriptionArn: string) => ({ Protocol: 'email', SubscriptionArn });
  const PENDING = email('PendingConfirmation');
  const UNCONFIRMED =
    'alarms.email is not confirmed. Confirm it within 48 hours of the deployment, as docs/operations.md, "Alarms" says';
  const UNSUBSCRIBED =
    'alarms.email is not subscribed: it was not confirmed within 48 hours, or was unsubscribed by the link in a mail. Deploy again and confirm it, as docs/operations.md, "Alarms" says';

  it.each([
    ['an unconfirmed subscription', [PENDING], UNCONFIRMED],
    ['no subscription', [], UNSUBSCRIBED],
    ['an ended subscription', [email('Deleted')], UNSUBSCRIBED],
    ['only a subscription by another protocol', [{ Protocol: 'https', SubscriptionArn: `${TOPIC}:1` }], UNSUBSCRIBED],
  ])('reports each topic with %s if alarms.email is set', async (_what, subscriptions, seen) => {
    expect(await standIn().unexpectedInAws({ subscriptions: () => Promise.resolve(subscriptions) })).toEqual([
      ['subscriptions of login-matrix-test-alarms', seen],
      ['subscriptions of login-matrix-test-global-alarms', seen],
    ]);
  });

  it('accepts an unconfirmed subscription beside a confirmed one', async () => {
    const subscriptions = () => Promise.resolve([PENDING, email(`${TOPIC}:1`)]);
    expect(await standIn().unexpectedInAws({ subscriptions })).toEqual([]);
  });

  it.each([
    ['accepts a topic without subscriptions', [], 'as expected'],
    ['accepts a confirmed subscription', [email(`${TOPIC}:1`)], 'as expected'],
    ['reports an unconfirmed subscription', [PENDING], 'different'],
  ])('%s if alarms.email is not set', async (_what, subscriptions, outcome) => {
    const deployed = { ...(OUTPUTS['deployed']?.value as object), alarms_by_email: false, alarm_topics: [TOPIC] };
    const deployment = standIn().deployment({ outputs: { ...OUTPUTS, deployed: { value: deployed } } });
    const rows = await checkedRows(deployment, { subscriptions: () => Promise.resolve(subscriptions) }, ['Alarms']);
    expect(rows.find(({ what }) => what === 'subscriptions of login-matrix-test-alarms')).toMatchObject({ outcome });
  });
});
