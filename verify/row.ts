export type Outcome = 'as expected' | 'different' | 'not checked';

/** One line of the table: the check, its expected result and its actual result. */
export interface Row {
  readonly what: string;
  readonly expected: string;
  readonly seen: string;
  readonly outcome: Outcome;
}

/** Makes a row, by default "as expected" if `seen` equals `expected`. */
export function checked(what: string, expected: string, seen: string, isRight = seen === expected): Row {
  return { what, expected, seen, outcome: isRight ? 'as expected' : 'different' };
}

/** Makes a row for a check that was not possible. */
export function notChecked(what: string, expected: string, why: string): Row {
  return { what, expected, seen: `not checked: ${why}`, outcome: 'not checked' };
}
