import { writeFileSync } from 'node:fs';
import { extname } from 'node:path';
import { SIGNS, summaryOf } from './table';
import type { GroupedRow } from './verify';

export interface Report {
  readonly environment: string;
  /** Time at which the checks ended, in ISO 8601. */
  readonly finished: string;
  readonly rows: readonly GroupedRow[];
}

const FORMATS: Readonly<Record<string, (report: Report) => string>> = { '.json': toJson, '.md': toMarkdown };

/**
 * Writes a report to a `.json` or `.md` file, in that format. For any other name, writes `<name>.json` and `<name>.md`.
 *
 * @param redact removes what the report must not contain
 * @returns the paths of the written files
 */
export function writeReport(file: string, report: Report, redact: (text: string) => string): readonly string[] {
  const rows = report.rows.map((row) => ({
    ...row,
    what: redact(row.what),
    expected: redact(row.expected),
    seen: redact(row.seen),
  }));
  const formatOfExtension = FORMATS[extname(file)];
  const files = formatOfExtension
    ? [[file, formatOfExtension] as const]
    : Object.entries(FORMATS).map(([extension, format]) => [file + extension, format] as const);
  for (const [path, format] of files) writeFileSync(path, format({ ...report, rows }));
  return files.map(([path]) => path);
}

function toJson({ rows, ...report }: Report): string {
  return `${JSON.stringify({ ...report, summary: summaryOf(rows), rows }, undefined, 2)}\n`;
}

function toMarkdown({ environment, finished, rows }: Report): string {
  const groups = [...new Set(rows.map(({ group }) => group))];
  const tables = groups.map((group) => {
    const lines = rows.filter((row) => row.group === group).map(toLine);
    return [`## ${group}`, '', '|     | what | expected | seen |', '| --- | --- | --- | --- |', ...lines].join('\n');
  });
  return `${[`# Verification of ${environment}`, `${summaryOf(rows)}. Finished ${finished}.`, ...tables].join('\n\n')}\n`;
}

const toLine = ({ outcome, what, expected, seen }: GroupedRow): string =>
  `| ${[SIGNS[outcome], what, expected, seen].map(escapeCell).join(' | ')} |`;

/** Escapes a table cell. Markdown would read `<address>` as HTML. */
const escapeCell = (text: string): string => text.replaceAll('<', '&lt;').replaceAll('|', '\\|').replaceAll('\n', ' ');
