import { show } from '../../../modules/settings/problem';

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
  // Only the first 120 characters.
  [`"${'x'.repeat(119)}…`, 'x'.repeat(200)],
])('a value in an error is shown as %s', (shown, value) => {
  expect(show(value)).toBe(shown);
});
