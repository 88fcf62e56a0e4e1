export type Outcome = 'as expected' | 'different' | 'not checked';

/** One line of the table: what was looked at, what it should be, what it was. */
export interface Row {
  readonly what: string;
  readonly expected: string;
  readonly seen: string;
  readonly outcome: Outcome;
}

/** A row that is right where `seen` equals `expected`, unless something else decides. */
export function checked(what: string, expected: string, seen: string, isRight = seen === expected): Row {
  return { what, expected, seen, outcome: isRight ? 'as expected' : 'different' };
}

/** A row for what could not be looked at. */
export function notChecked(what: string, expected: string, why: string): Row {
  return { what, expected, seen: `not checked: ${why}`, outcome: 'not checked' };
}
