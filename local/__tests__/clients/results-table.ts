import type { MysqlClient } from './catalogue';
import { checks, nameOf } from './checks';
import type { WayResults } from './database';
import type { ClientCheck } from './line';

/** A client with its results for each way to log in. */
export interface Row {
  readonly client: MysqlClient;
  /** The reason instead, if the client is not installed. */
  readonly results: readonly WayResults[] | string;
}

const names = Object.keys(checks) as ClientCheck[];
const HEADINGS = ['client', 'version', ...names.map((name) => checks[name].title)];
const BETWEEN_MARKERS = /(<!-- results -->\n)(.*)(\n<!-- end of results -->)/s;

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/**
 * Writes the results of a run into the page. A client that is not installed keeps its earlier results.
 *
 * @throws Error if the page has no markers.
 */
export function withResults(page: string, rows: readonly Row[]): string {
  const [all, , earlier = ''] = BETWEEN_MARKERS.exec(page) ?? [];
  if (all === undefined)
    throw new Error('docs/clients.md has lost its markers: <!-- results --> and <!-- end of results -->');
  const parts = rows.map((row) => rendered(row, earlier.split('\n')));
  const table = [line(HEADINGS), line(HEADINGS.map(() => '---')), ...parts.map(({ row }) => row)];
  const notes = parts.flatMap((part) => part.notes);
  return page.replace(BETWEEN_MARKERS, (_all, start: string, _old, end: string) =>
    [start, ...table, '', ...notes, end].join('\n'),
  );
}

function rendered({ client, results }: Row, earlier: readonly string[]): { row: string; notes: readonly string[] } {
  const name = `${client.name} (${client.from})`;
  if (typeof results === 'string') {
    const row = earlier.find((text) => text.startsWith(`| ${name} `));
    const none = line([name, 'not installed', ...names.map(() => '')]);
    if (row === undefined || row.includes('| not installed '))
      return { row: none, notes: [`- ${client.name}: ${results}.`] };
    return { row, notes: earlier.filter((text) => text.startsWith(`- ${client.name}, `)) };
  }
  const notes = names.flatMap((check) => {
    const remark = remarkOf(client, check, results);
    return remark === undefined ? [] : [`- ${client.name}, ${checks[check].title}: ${remark}.`];
  });
  return { row: line([name, results[0]?.version ?? '', ...names.map((check) => sign(check, results))]), notes };
}

function sign(check: ClientCheck, results: readonly WayResults[]): string {
  if (results.some(({ outcomes }) => outcomes[check].failed !== undefined)) return '✘';
  return results.some(({ outcomes }) => outcomes[check].lacks !== undefined) ? '–' : '✔';
}

function remarkOf(client: MysqlClient, check: ClientCheck, results: readonly WayResults[]): string | undefined {
  const failed = results.filter(({ outcomes }) => outcomes[check].failed !== undefined);
  if (failed.length > 0) {
    const where = failed.length === results.length ? 'each way' : failed.map(({ way }) => nameOf(way)).join(', ');
    return `fails (${where}): ${client.fails?.[check]?.why ?? 'unexpected'}`;
  }
  return results.find(({ outcomes }) => outcomes[check].lacks !== undefined)?.outcomes[check].lacks;
}

/** Removes versions and table alignment, which may differ between machines. */
export function withoutVersions(page: string): string {
  return page
    .replace(/^(\| [^|]+\|)[^|]+\|/gm, '$1')
    .replace(/-{3,}/g, '---')
    .replace(/ +/g, ' ');
}
