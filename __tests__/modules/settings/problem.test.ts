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
  const listOfItself: unknown[] = [];
  listOfItself.push(listOfItself);

  it.each<[shown: string, value: unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['NaN', Number.NaN],
    ['7n', 7n],
    ['a function', () => 7],
    ['symbol', Symbol('s')],
    ['{"a":[1,"b"]}', { a: [1, 'b'], c: undefined }],
    ['[…]', listOfItself],
    // At most 120 characters.
    [`"${'x'.repeat(119)}…`, 'x'.repeat(200)],
  ])('is shown as %s', (shown, value) => {
    expect(show(value)).toBe(shown);
  });
});
