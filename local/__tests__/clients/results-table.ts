import type { MysqlClient } from './catalogue';
import { checks, describeWay } from './checks';
import type { WayResults } from './clients-database';
import type { ClientCheck } from './output-line';

/** A client's row of the table. */
export interface Row {
  readonly client: MysqlClient;
  /** Results for each way to log in, or the reason why the client is not installed. */
  readonly results: readonly WayResults[] | string;
}

const checkNames = Object.keys(checks) as ClientCheck[];
const HEADINGS = ['client', 'version', ...checkNames.map((name) => checks[name].title)];
const BETWEEN_MARKERS = /(<!-- results -->\n)(.*)(\n<!-- end of results -->)/s;

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/**
 * Returns the page with the results of a run. A client that is not installed keeps its earlier results, if it has any.
 *
 * @throws Error if the page has no markers.
 */
export function withResults(page: string, rows: readonly Row[]): string {
  const [all, , earlier = ''] = BETWEEN_MARKERS.exec(page) ?? [];
  if (all === undefined)
    throw new Error(
      'docs/clients.md has no place for the results. Add the markers <!-- results --> and <!-- end of results -->.',
    );
  const parts = rows.map((row) => renderRow(row, earlier.split('\n')));
  const table = [line(HEADINGS), line(HEADINGS.map(() => '---')), ...parts.map(({ row }) => row)];
  const notes = parts.flatMap((part) => part.notes);
  return page.replace(BETWEEN_MARKERS, (_all, start: string, _old, end: string) =>
    [start, ...table, '', ...notes, end].join('\n'),
  );
}

function renderRow({ client, results }: Row, earlier: readonly string[]): { row: string; notes: readonly string[] } {
  const name = `${client.name} (${client.source})`;
  if (typeof results === 'string') {
    const row = earlier.find((text) => text.startsWith(`| ${name} `));
    const notInstalled = line([name, 'not installed', ...checkNames.map(() => '')]);
    if (row === undefined || row.includes('| not installed '))
      return { row: notInstalled, notes: [`- ${client.name}: ${results}.`] };
    return { row, notes: earlier.filter((text) => text.startsWith(`- ${client.name}, `)) };
  }
  const notes = checkNames.flatMap((check) => {
    const note = noteOf(client, check, results);
    return note === undefined ? [] : [`- ${client.name}, ${checks[check].title}: ${note}.`];
  });
  return {
    row: line([name, results[0]?.version ?? '', ...checkNames.map((check) => symbolOf(check, results))]),
    notes,
  };
}

function symbolOf(check: ClientCheck, results: readonly WayResults[]): string {
  if (results.some(({ outcomes }) => outcomes[check].failure !== undefined)) return '✘';
  return results.some(({ outcomes }) => outcomes[check].unsupportedReason !== undefined) ? '–' : '✔';
}

function noteOf(client: MysqlClient, check: ClientCheck, results: readonly WayResults[]): string | undefined {
  const failed = results.filter(({ outcomes }) => outcomes[check].failure !== undefined);
  if (failed.length > 0) {
    const where = failed.length === results.length ? 'each way' : failed.map(({ way }) => describeWay(way)).join(', ');
    return `fails (${where}): ${client.knownFailures?.[check]?.reason ?? 'unexpected'}`;
  }
  return results.find(({ outcomes }) => outcomes[check].unsupportedReason !== undefined)?.outcomes[check]
    .unsupportedReason;
}

/**
 * Removes the second column of each table. In the table of results it holds the versions, which may differ between machines. Also
 * removes the alignment, which may change with the versions.
 */
export function withoutVersions(page: string): string {
  return page
    .replace(/^(\| [^|]+\|)[^|]+\|/gm, '$1')
    .replace(/-{3,}/g, '---')
    .replace(/ +/g, ' ');
}
