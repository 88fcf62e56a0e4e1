import { EFFECTS, type SettingEffect, type Setting } from '../../../modules/settings/effects';
import { INTERRUPTIONS } from '../../../modules/settings/interruptions';
import { settingPaths } from '../../../modules/settings/reference';

const effects: readonly SettingEffect[] = Object.values(EFFECTS);

describe('the declared effects of changed settings', () => {
  it('cover exactly the settings of the reference', () => {
    expect(Object.keys(EFFECTS).sort()).toEqual(settingPaths().sort());
  });

  it('use every described interruption, and no other', () => {
    const used = new Set(effects.flatMap(({ interrupts }) => interrupts ?? []));
    expect([...used].sort()).toEqual(Object.keys(INTERRUPTIONS).sort());
  });

  /** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ModifyInstance.Settings.html */
  it('have mayWait exactly where RDS can defer the change to the maintenance window', () => {
    const waiting = (Object.keys(EFFECTS) as Setting[]).filter((setting) => 'mayWait' in EFFECTS[setting]);
    expect(waiting).toEqual([
      'database.engineVersion',
      'database.instanceClass',
      'database.allocatedStorageGib',
      'database.multiAz',
      'database.backupRetentionDays',
      'database.iamAuthentication',
    ]);
  });

  it('name replaced resources if and only if the kind of the change is “replaces”', () => {
    for (const [setting, { kind, replaces }] of Object.entries(EFFECTS) as [Setting, SettingEffect][]) {
      expect([setting, replaces !== undefined]).toEqual([setting, kind === 'replaces']);
    }
  });
});
