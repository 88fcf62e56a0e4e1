import { reportOf, show } from '../../../modules/settings/problem';

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
  // A longer text is cut after 120 characters.
  [`"${'x'.repeat(119)}…`, 'x'.repeat(200)],
])('an error shows a value as the text %s', (shown, value) => {
  expect(show(value)).toBe(shown);
});

it('a setting with two problems counts once', () => {
  const setting = 'network.zones.0';
  const problems = ['must be a zone of eu-central-1', 'must not be use1-az3'].map((rule) => ({
    setting,
    rule,
    value: 'use1-az3',
    remedy: 'Choose another zone.',
  }));
  expect(reportOf('dev', problems).split('\n')).toEqual([
    'Environment dev: 1 setting must be changed.',
    '- network.zones.0 must be a zone of eu-central-1, got "use1-az3": Choose another zone.',
    '- network.zones.0 must not be use1-az3, got "use1-az3": Choose another zone.',
  ]);
});
