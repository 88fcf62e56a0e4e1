import type { Outcome } from './row';
import type { GroupedRow } from './verify';

export const SIGNS: Readonly<Record<Outcome, string>> = { 'as expected': '✔', different: '✘', 'not checked': '?' };

/** Columns of a table that is printed row by row cannot grow. */
const WHAT_WIDTH = 48;

/** What a person reads of a row. What was expected is not repeated where the same was seen. */
export function lineOf({ what, expected, seen, outcome }: GroupedRow): string {
  const line = `  ${SIGNS[outcome]} ${what.padEnd(WHAT_WIDTH)}  `;
  if (outcome === 'different') return `${line}expected: ${expected}\n${' '.repeat(WHAT_WIDTH + 6)}seen: ${seen}`;
  return seen === expected ? line + seen : `${line}${seen} (expected: ${expected})`;
}

/** The last line. */
export function summaryOf(rows: readonly GroupedRow[]): string {
  const count = (outcome: Outcome): number => rows.filter((row) => row.outcome === outcome).length;
  const [right, different, open] = [count('as expected'), count('different'), count('not checked')];
  return `${right} as expected, ${different} different, ${open} not checked`;
}
