import { problemIf, valueAt, withValues, type ParsedSettings } from '../../../../modules/settings/rules/rule';

const settings = { network: { zones: ['euc1-az1'] } } as ParsedSettings;

describe('a rule between settings', () => {
  it('reports no problem unless the condition of the problem holds', () => {
    expect(problemIf(false, 'network.zones', 'must be two', 'Add one.')).toEqual([]);
  });

  it('reports the value of the setting by default', () => {
    expect(withValues(problemIf(true, 'network.zones', 'must be two', 'Add one.'), settings)).toEqual([
      { setting: 'network.zones', rule: 'must be two', remedy: 'Add one.', value: ['euc1-az1'] },
    ]);
  });

  it('reports a value passed to problemIf instead of the value of the setting', () => {
    expect(withValues(problemIf(true, 'network.zones', 'must be two', 'Add one.', 7), settings)).toMatchObject([
      { value: 7 },
    ]);
  });
});

describe('the value at a path', () => {
  it('is found in objects and lists', () => {
    expect(valueAt(settings, ['network', 'zones', 0])).toBe('euc1-az1');
    expect(valueAt(settings, [])).toBe(settings);
  });

  it.each([undefined, null, 'text', { network: null }])(
    'is undefined if a part of the path is missing: %j',
    (value) => {
      expect(valueAt(value, ['network', 'zones'])).toBeUndefined();
    },
  );
});
