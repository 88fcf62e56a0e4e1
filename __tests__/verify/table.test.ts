import { lineOf, summaryOf } from '../../verify/table';
import type { CheckOutcome } from '../../verify/check';

const row = (outcome: CheckOutcome, seen: string) => ({
  group: 'Routes',
  what: 'GET /',
  expected: '200',
  seen,
  outcome,
});

describe('a line of the table', () => {
  it.each<[CheckOutcome, string, RegExp]>([
    ['as expected', '200', /^ {2}✔ GET \/ {45}200$/],
    ['as expected', '5 ms', /^ {2}✔ GET \/ +5 ms \(expected: 200\)$/],
    ['different', '503', /^ {2}✘ GET \/ +expected: 200\n {54}seen: 503$/],
    ['not checked', 'not checked: no right', /^ {2}\? GET \/ +not checked: no right \(expected: 200\)$/],
  ])(
    'has the sign for "%s" and the actual result "%s", and shows the expected result only if it differs',
    (outcome, seen, line) => {
      expect(lineOf(row(outcome, seen))).toMatch(line);
    },
  );
});

describe('the summary', () => {
  it('counts the rows by outcome', () => {
    const rows = [row('as expected', '200'), row('different', '503'), row('as expected', '200')];
    expect(summaryOf(rows)).toBe('2 as expected, 1 different, 0 not checked');
  });
});
