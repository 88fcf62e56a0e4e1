import type { MetricAlarm } from '@aws-sdk/client-cloudwatch';
import type { Subscription } from '@aws-sdk/client-sns';
import { GLOBAL_REGION } from '../../contract/regions';
import { byAwsRequest, checked, notChecked, type Check, type CheckContext, type Row } from '../check';

const EXPECTED = 'OK, with an enabled action';

const INSTRUCTIONS = 'docs/operations.md, "Alarms"';

/** Checks the alarms of the region and of us-east-1, and the subscriptions of their topics. */
export const alarms: Check = {
  title: 'Alarms',
  rows: async function* (context) {
    const { region, alarms: regional, global_alarms: global } = context.outputs.deployed;
    yield* await alarmsIn(context, region, regional);
    yield* await alarmsIn(context, GLOBAL_REGION, global);
    for (const topic of context.outputs.deployed.alarm_topics) yield* await subscriptionsOf(context, topic);
  },
};

async function alarmsIn({ aws }: CheckContext, region: string, names: readonly string[]): Promise<readonly Row[]> {
  if (names.length === 0) return [];
  const request = () => aws.alarms(region, names);
  return byAwsRequest(`alarms in ${region}`, EXPECTED, 'cloudwatch:DescribeAlarms', request, (existing) =>
    names.map((name) => toRow(name, existing)),
  );
}

function toRow(name: string, existing: readonly MetricAlarm[]): Row {
  const alarm = existing.find(({ AlarmName }) => AlarmName === name);
  if (alarm === undefined) return checked(name, EXPECTED, 'it does not exist');
  const { StateValue, StateReason = '', ActionsEnabled = true, AlarmActions = [], AlarmDescription = '' } = alarm;
  if (StateValue === 'INSUFFICIENT_DATA') {
    return notChecked(name, EXPECTED, 'CloudWatch has not evaluated it yet; a new alarm takes up to five minutes');
  }
  if (StateValue !== 'OK') return checked(name, EXPECTED, `${String(StateValue)}: ${AlarmDescription} ${StateReason}`);
  if (AlarmActions.length === 0) return checked(name, EXPECTED, 'OK, but it has no action');
  return checked(name, EXPECTED, ActionsEnabled ? EXPECTED : 'OK, but its actions are disabled');
}

async function subscriptionsOf({ aws, outputs }: CheckContext, topicArn: string): Promise<readonly Row[]> {
  const byEmail = outputs.deployed.alarms_by_email;
  const what = `subscriptions of ${topicArn.split(':').at(-1) ?? topicArn}`;
  const expected = byEmail ? 'a confirmed e-mail subscription' : 'none, or a confirmed one';
  const request = () => aws.subscriptions(topicArn);
  return byAwsRequest(what, expected, 'sns:ListSubscriptionsByTopic', request, (subscriptions) => [
    checked(what, expected, (byEmail ? faultWithEmail(subscriptions) : faultWithoutEmail(subscriptions)) ?? expected),
  ]);
}

/** Returns why no alarm reaches `alarms.email`; `undefined` if an e-mail subscription is confirmed. */
function faultWithEmail(subscriptions: readonly Subscription[]): string | undefined {
  const emails = subscriptions.filter(({ Protocol }) => Protocol === 'email');
  if (emails.some(isConfirmed)) return undefined;
  return emails.some(isPending)
    ? `alarms.email is not confirmed. Confirm it within 48 hours of the deployment, as ${INSTRUCTIONS} says`
    : `alarms.email is not subscribed: it was not confirmed within 48 hours, or was unsubscribed by the link in a mail. Deploy again and confirm it, as ${INSTRUCTIONS} says`;
}

/** Returns a fault if a subscription is pending and none is confirmed. Without `alarms.email` a topic needs no subscription. */
const faultWithoutEmail = (subscriptions: readonly Subscription[]): string | undefined =>
  subscriptions.some(isPending) && !subscriptions.some(isConfirmed)
    ? `a subscription is pending, and none is confirmed. Confirm it within 48 hours of its creation, as ${INSTRUCTIONS} says`
    : undefined;

/** In place of an ARN, SNS lists `PendingConfirmation` until the confirmation, and `Deleted` for some time after an unsubscription. */
const isConfirmed = ({ SubscriptionArn = '' }: Subscription): boolean => SubscriptionArn.startsWith('arn:');

const isPending = ({ SubscriptionArn }: Subscription): boolean => SubscriptionArn === 'PendingConfirmation';
