import type { Aws } from '../../../verify/aws';
import { standInForFile } from '../../support/deployment-stand-in';

const standIn = standInForFile();

describe('the check of alarms', () => {
  it('reports a raised alarm and a missing one', async () => {
    const raised = { StateValue: 'ALARM', AlarmDescription: 'Callers get 5xx.', StateReason: '7 > 5' } as const;
    const alarms = (region: string, [AlarmName]: readonly string[]) =>
      Promise.resolve(region === 'us-east-1' ? [] : [{ AlarmName, ...raised }]);
    expect(await standIn().seenInAws({ alarms: alarms })).toEqual([
      ['login-matrix-test-api-5xx', 'ALARM: Callers get 5xx. 7 > 5'],
      ['login-matrix-test-waf-blocks', 'it does not exist'],
    ]);
  });

  it('reports an alarm without actions, and does not check one that was never evaluated', async () => {
    const alarms = (region: string, [AlarmName]: readonly string[]) =>
      Promise.resolve([
        region === 'us-east-1'
          ? { AlarmName, StateValue: 'INSUFFICIENT_DATA' }
          : { AlarmName, StateValue: 'OK', ActionsEnabled: false },
      ]);
    expect(await standIn().seenInAws({ alarms: alarms as Aws['alarms'] })).toEqual([
      ['login-matrix-test-api-5xx', 'OK, but its actions are disabled'],
      [
        'login-matrix-test-waf-blocks',
        'not checked: CloudWatch has not evaluated it yet; a new alarm takes up to five minutes',
      ],
    ]);
  });
});
