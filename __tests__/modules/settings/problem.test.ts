import { describeProblem, show, SettingsError } from '../../../modules/settings/problem';

const problem = { setting: 'region', rule: 'must be a region', value: 'mars', remedy: 'Choose one.' };

describe('a problem', () => {
  it('is one line with setting, rule, value and remedy', () => {
    expect(describeProblem(problem)).toBe('region must be a region, got "mars": Choose one.');
  });

  it('is in one error with all other problems of the environment', () => {
    expect(new SettingsError('dev', [problem]).message).toBe(
      `Environment dev: 1 setting must be changed.\n- ${describeProblem(problem)}`,
    );
    expect(new SettingsError('dev', [problem, problem]).message).toMatch(
      /^Environment dev: 2 settings must be changed\./,
    );
  });
});

describe('a value in an error', () => {
  const itself: unknown[] = [];
  itself.push(itself);

  it.each([
    [undefined, 'nothing'],
    [null, 'null'],
    [Number.NaN, 'NaN'],
    [7n, '7n'],
    [() => 7, 'a function'],
    [Symbol('s'), 'symbol'],
    [{ a: [1, 'b'], c: undefined }, '{"a":[1,"b"]}'],
    [itself, '[…]'],
    ['x'.repeat(200), `"${'x'.repeat(119)}…`],
  ])('is shown as in the environment’s file: %#', (value, text) => {
    expect(show(value)).toBe(text);
  });
});
