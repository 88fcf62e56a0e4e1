import { EFFECTS, type Effect, type Setting } from '../../../modules/settings/effects';
import { INTERRUPTIONS } from '../../../modules/settings/interruptions';
import { settingPaths } from '../../../modules/settings/reference';
import { ROWS } from '../../one-machine/changes/rows';
import { trials } from '../../one-machine/changes/trials';

const effects: readonly Effect[] = Object.values(EFFECTS);

describe('the effects of changed settings', () => {
  it('are declared for every setting of the reference, and for no other', () => {
    expect(Object.keys(EFFECTS).sort()).toEqual(settingPaths().sort());
  });

  it('are compared with a plan for every setting, by npm run test:changes', () => {
    expect(Object.keys(trials(['Z1', 'Z2'])).sort()).toEqual(settingPaths().sort());
  });

  it('are brought about by an apply for every setting that changes something at AWS', () => {
    const applied = new Set(ROWS.flatMap(({ settings = [] }) => settings));
    const changeable = (Object.keys(EFFECTS) as Setting[]).filter((setting) =>
      ['in place', 'replaces'].includes(EFFECTS[setting].kind),
    );
    expect(changeable.filter((setting) => !applied.has(setting))).toEqual([]);
  });

  it('that interrupt are described, and nothing else is', () => {
    const used = new Set(effects.flatMap(({ interrupts }) => interrupts ?? []));
    expect([...used].sort()).toEqual(Object.keys(INTERRUPTIONS).sort());
  });

  it('name what is replaced exactly where something is', () => {
    for (const [setting, { kind, replaces }] of Object.entries(EFFECTS) as [Setting, Effect][]) {
      expect([setting, replaces !== undefined]).toEqual([setting, kind === 'replaces']);
    }
  });
});
