import { DEFAULT_LIMIT, MAX_LIMIT } from '../../contract/paging';
import { BadRequest } from './errors';

/** Which part of a list is asked for. */
export interface Page<Key> {
  /** Rows at most. */
  readonly limit: number;
  /** The last row of the page before. */
  readonly after?: Key;
}

/**
 * Reads `limit` and `cursor`, the only query parameters there are.
 *
 * @param keyOf turns what a cursor carries back into a key, or into `undefined` where it is none of ours.
 * @throws BadRequest that tells the caller which parameter is wrong.
 */
export function parsePage<Key>(
  query: Readonly<Record<string, string>>,
  keyOf: (text: string) => Key | undefined,
): Page<Key> {
  const unknown = Object.keys(query).find((name) => name !== 'limit' && name !== 'cursor');
  if (unknown !== undefined)
    throw new BadRequest(`${JSON.stringify(unknown)} is no parameter: there are limit and cursor`);
  const limit = parseLimit(query['limit']);
  if (query['cursor'] === undefined) return { limit };
  const after = keyOf(Buffer.from(query['cursor'], 'base64url').toString('utf8'));
  if (after === undefined) throw new BadRequest('cursor must be the value of next in an earlier answer');
  return { limit, after };
}

function parseLimit(text: string | undefined): number {
  if (text === undefined) return DEFAULT_LIMIT;
  const limit = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > MAX_LIMIT) throw new BadRequest(`limit must be a whole number from 1 to ${MAX_LIMIT}`);
  return limit;
}

/** The cursor that continues after a key. */
export function cursorAfter(key: string): string {
  return Buffer.from(key, 'utf8').toString('base64url');
}

/** Takes the page out of rows of which one more than its limit was asked for, to know whether there are more. */
export function cutPage<Row>(
  rows: readonly Row[],
  limit: number,
  keyOf: (row: Row) => string,
): { readonly rows: readonly Row[]; readonly next: string | null } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { rows: page, next: last !== undefined && rows.length > limit ? cursorAfter(keyOf(last)) : null };
}
