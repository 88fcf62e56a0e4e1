import { EFFECTS, type Setting } from '../../modules/settings/effects';
import { settingPaths } from '../../modules/settings/reference';
import { STEPS } from './changes/steps';
import { trials } from './changes/trials';

describe('npm run test:changes', () => {
  it('plans a change of each setting', () => {
    // Only the names of the settings count here; the ids of the hosted zones are arbitrary.
    expect(Object.keys(trials(['hosted-zone-1', 'hosted-zone-2'])).sort()).toEqual(settingPaths().sort());
  });

  it('applies a change of each setting that affects resources at AWS', () => {
    const applied = new Set(STEPS.flatMap(({ settings = [] }) => settings));
    const changeable = (Object.keys(EFFECTS) as Setting[]).filter((setting) =>
      ['in place', 'replaces'].includes(EFFECTS[setting].kind),
    );
    expect(changeable.filter((setting) => !applied.has(setting))).toEqual([]);
  });
});
