/** Returns the median, or the lower of two middle values. A few slow moments of a busy machine hardly change it. */
export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/** Returns a percentile by nearest rank, which is always one of the values. @throws Error if there are no values. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  const value = sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)];
  if (value === undefined) throw new Error('Nothing was measured');
  return value;
}

/** Formats numbers of at least 100 as integers, and smaller ones with at most three significant digits. Infinity and NaN become a dash. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return '–';
  return value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}

/** Writes a table in Markdown. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
