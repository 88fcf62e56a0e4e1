import { EFFECTS, type Effect, type Setting } from '../../../modules/settings/effects';
import { INTERRUPTIONS } from '../../../modules/settings/interruptions';
import { settingPaths } from '../../../modules/settings/reference';
import { ROWS } from '../../one-machine/changes/rows';
import { trials } from '../../one-machine/changes/trials';

const effects: readonly Effect[] = Object.values(EFFECTS);

describe('the effects of changed settings', () => {
  it('are declared for exactly the settings of the reference', () => {
    expect(Object.keys(EFFECTS).sort()).toEqual(settingPaths().sort());
  });

  it('have a trial for each setting, which npm run test:changes plans', () => {
    expect(Object.keys(trials(['Z1', 'Z2'])).sort()).toEqual(settingPaths().sort());
  });

  it('have a step that applies each setting that changes something at AWS', () => {
    const applied = new Set(ROWS.flatMap(({ settings = [] }) => settings));
    const changeable = (Object.keys(EFFECTS) as Setting[]).filter((setting) =>
      ['in place', 'replaces'].includes(EFFECTS[setting].kind),
    );
    expect(changeable.filter((setting) => !applied.has(setting))).toEqual([]);
  });

  it('use every described interruption, and no other', () => {
    const used = new Set(effects.flatMap(({ interrupts }) => interrupts ?? []));
    expect([...used].sort()).toEqual(Object.keys(INTERRUPTIONS).sort());
  });

  it('name replaced resources if and only if the setting replaces some', () => {
    for (const [setting, { kind, replaces }] of Object.entries(EFFECTS) as [Setting, Effect][]) {
      expect([setting, replaces !== undefined]).toEqual([setting, kind === 'replaces']);
    }
  });
});
