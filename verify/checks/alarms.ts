import type { MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { GLOBAL_REGION } from '../../contract/regions';
import { byAwsRequest, checked, notChecked, type Check, type CheckContext, type Row } from '../check';

const EXPECTED = 'OK, notifies its topic';

/** Checks the alarms of the region and of us-east-1. */
export const alarms: Check = {
  title: 'Alarms',
  rows: async function* (context) {
    const { region, alarms: regional, global_alarms: global } = context.outputs.deployed;
    yield* await alarmsIn(context, region, regional);
    yield* await alarmsIn(context, GLOBAL_REGION, global);
  },
};

async function alarmsIn({ aws }: CheckContext, region: string, names: readonly string[]): Promise<readonly Row[]> {
  if (names.length === 0) return [];
  const request = () => aws.alarms(region, names);
  return byAwsRequest(`${names.length} alarms in ${region}`, EXPECTED, 'cloudwatch:DescribeAlarms', request, (found) =>
    names.map((name) =>
      toRow(
        name,
        found.find(({ AlarmName }) => AlarmName === name),
      ),
    ),
  );
}

function toRow(name: string, alarm: MetricAlarm | undefined): Row {
  if (alarm === undefined) return checked(name, EXPECTED, 'it does not exist');
  const { StateValue, StateReason = '', ActionsEnabled = true, AlarmDescription = '' } = alarm;
  if (StateValue === 'INSUFFICIENT_DATA') {
    return notChecked(name, EXPECTED, 'CloudWatch has not evaluated it yet; a new alarm takes up to five minutes');
  }
  if (StateValue !== 'OK') return checked(name, EXPECTED, `${String(StateValue)}: ${AlarmDescription} ${StateReason}`);
  return checked(name, EXPECTED, ActionsEnabled ? EXPECTED : 'OK, but its actions are disabled');
}
