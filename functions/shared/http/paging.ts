import { DEFAULT_LIMIT, MAX_LIMIT } from '../../../contract/paging';
import { BadRequest, refuseUnknownParameters, type Request } from './http-handler';

/** The requested part of a list. */
export interface PageRequest<Key> {
  /** Maximum number of rows. */
  readonly limit: number;
  /** Key of the last row of the previous page. */
  readonly after?: Key;
}

/**
 * Reads `limit` and `cursor`, and rejects every query parameter that the route does not have.
 *
 * @param parseKey parses the decoded cursor; returns `undefined` if the cursor is invalid.
 * @param ownNames further parameters of the route. The route itself checks their values. @default - none
 * @throws BadRequest that names the rejected parameter.
 */
export function parsePage<Key>(
  query: Request['query'],
  parseKey: (text: string) => Key | undefined,
  ownNames: readonly string[] = [],
): PageRequest<Key> {
  refuseUnknownParameters(query, ['limit', 'cursor', ...ownNames]);
  const limit = parseLimit(query['limit']);
  if (query['cursor'] === undefined) return { limit };
  const after = parseKey(Buffer.from(query['cursor'], 'base64url').toString('utf8'));
  if (after === undefined) throw new BadRequest('cursor must be the value of "next" in an earlier answer');
  return { limit, after };
}

function parseLimit(text: string | undefined): number {
  if (text === undefined) return DEFAULT_LIMIT;
  const limit = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > MAX_LIMIT) throw new BadRequest(`limit must be a whole number from 1 to ${MAX_LIMIT}`);
  return limit;
}

/** Encodes a key as the cursor that continues after it. */
export function cursorAfter(key: string): string {
  return Buffer.from(key, 'utf8').toString('base64url');
}

/** Cuts rows to the page limit. The caller queries one row more than the limit: the extra row shows that another page follows. */
export function cutPage<Row>(
  rows: readonly Row[],
  limit: number,
  keyOf: (row: Row) => string,
): { readonly rows: readonly Row[]; readonly next: string | null } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { rows: page, next: last !== undefined && rows.length > limit ? cursorAfter(keyOf(last)) : null };
}
