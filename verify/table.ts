import type { CheckOutcome } from './check';
import type { GroupedRow } from './verify';

export const SIGNS: Readonly<Record<CheckOutcome, string>> = { 'as expected': '✔', different: '✘', 'not checked': '?' };

/** Fixed width, because the table is printed row by row. */
const WHAT_WIDTH = 48;

/** Formats a row. Omits the expected result if the actual result is the same. */
export function lineOf({ what, expected, seen, outcome }: GroupedRow): string {
  const line = `  ${SIGNS[outcome]} ${what.padEnd(WHAT_WIDTH)}  `;
  if (outcome === 'different') return `${line}expected: ${expected}\n${' '.repeat(WHAT_WIDTH + 6)}seen: ${seen}`;
  return seen === expected ? line + seen : `${line}${seen} (expected: ${expected})`;
}

/** Formats the number of rows of each outcome as one line. */
export function summaryOf(rows: readonly GroupedRow[]): string {
  const count = (outcome: CheckOutcome): number => rows.filter((row) => row.outcome === outcome).length;
  return `${count('as expected')} as expected, ${count('different')} different, ${count('not checked')} not checked`;
}
