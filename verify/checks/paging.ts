import { MAX_LIMIT } from '../../contract/paging';
import { bodyOf, describeResponse, type HttpResponse } from '../http-response';
import { responseOf, checked, failedRouteRow, urlOf, type Check, type CheckContext, type Row } from '../check';
import { pagedListOf, storesTime } from './routes';

/** Maximum number of pages to read of a list, because a table may be too large to read to the end. */
const MAX_PAGES = 20;

const EXTENT = `to the end of the list or for ${MAX_PAGES} pages`;

/** Rows of a list, read page by page. A row that is a string stays unchanged; any other row is written as JSON. */
interface Pages {
  readonly rows: readonly string[];
  readonly pageCount: number;
  /** Whether the rows reach the end of the list. */
  readonly isWhole: boolean;
}

/** Reads each list page by page, and checks that stored times come newest first and that other lists return each row once. */
export const paging: Check = {
  title: 'Paging',
  rows: async function* (context) {
    for (const { path } of context.outputs.deployed.routes) {
      const list = pagedListOf(path);
      if (list !== undefined) yield await checkList(context, path, list);
    }
  },
};

async function checkList(context: CheckContext, path: string, list: string): Promise<Row> {
  const what = `GET ${path} page by page`;
  const expected = `${storesTime(path) ? 'the newest row first' : 'the same rows with two page sizes, each row once'}, ${EXTENT}`;
  const first = responseOf(context, path);
  if (first === undefined) return failedRouteRow(what, expected, path);
  try {
    const result = storesTime(path)
      ? await checkNewestFirst(context, path, list, first)
      : await checkInTwoWays(context, path, list);
    return checked(what, expected, result.seen, result.isRight);
  } catch (error) {
    return checked(what, expected, (error as Error).message, false);
  }
}

interface Result {
  readonly seen: string;
  readonly isRight: boolean;
}

/** Checks the order of stored times. `response` is the first page: another GET for it would store a time. */
async function checkNewestFirst(
  context: CheckContext,
  path: string,
  list: string,
  response: HttpResponse,
): Promise<Result> {
  const { next, [list]: rows } = bodyOf(response);
  const pages = await readPages(context, path, list, { limit: MAX_LIMIT, next, rows, storesNothing: true });
  const isRight = pages.rows.every((row, index) => index === 0 || row <= (pages.rows[index - 1] ?? ''));
  return { seen: isRight ? describePages(pages) : `${describePages(pages)}, not the newest first`, isRight };
}

/**
 * Reads the list twice. The first reading has pages of `MAX_LIMIT` rows. The page size of the second reading is a third of the rows
 * found, but at most `MAX_LIMIT`. Both readings must return the same rows in the same order. If one reading stops at `MAX_PAGES`, the
 * comparison ends there.
 */
async function checkInTwoWays(context: CheckContext, path: string, list: string): Promise<Result> {
  const large = await readPages(context, path, list, { limit: MAX_LIMIT });
  const limit = Math.min(MAX_LIMIT, Math.max(1, Math.ceil(large.rows.length / 3)));
  const small = await readPages(context, path, list, { limit });
  const compared = Math.min(large.rows.length, small.rows.length);
  const shared = ({ rows }: Pages): string => rows.slice(0, compared).join();
  // If only one reading reached the end of the list, the other stopped at `MAX_PAGES` and may have fewer rows.
  const isRight =
    shared(large) === shared(small) && (large.isWhole !== small.isWhole || large.rows.length === small.rows.length);
  const seen = isRight
    ? describePages(small)
    : `pages of two sizes give different lists. limit=${limit}: ${describePages(small)}; limit=${MAX_LIMIT}: ${describePages(large)}`;
  const isUnique = new Set(small.rows).size === small.rows.length;
  return isUnique ? { seen, isRight } : { seen: `${seen}; some rows twice with limit=${limit}`, isRight: false };
}

interface Reading {
  readonly limit: number;
  /** Initial cursor. @default - the first page */
  readonly next?: unknown;
  /** Rows before the initial cursor, which were already read. */
  readonly rows?: unknown;
  /** Whether each response must report that it stored nothing. */
  readonly storesNothing?: boolean;
}

/** Reads the pages from the initial cursor on. @throws Error that describes the first wrong response. */
async function readPages(context: CheckContext, path: string, list: string, reading: Reading): Promise<Pages> {
  const rows = toRows(reading.rows);
  let { next } = reading;
  let pageCount = rows.length > 0 ? 1 : 0;
  while (next !== null && pageCount < MAX_PAGES) {
    const cursor = typeof next === 'string' ? `&cursor=${encodeURIComponent(next)}` : '';
    const request = `${path}?limit=${reading.limit}${cursor}`;
    const response = await context.caller.call(urlOf(context, request));
    const body = bodyOf(response);
    if (response.status !== 200) throw new Error(`page ${pageCount + 1}: ${describeResponse(response)}`);
    if (reading.storesNothing === true && body['recorded'] !== null)
      throw new Error(`the request for page ${pageCount + 1} stored a row`);
    if (!Array.isArray(body[list]) || body['next'] === undefined) {
      throw new Error(`page ${pageCount + 1} lacks the array "${list}" or the field "next"`);
    }
    rows.push(...toRows(body[list]));
    next = body['next'];
    pageCount += 1;
  }
  return { rows, pageCount, isWhole: next === null };
}

const toRows = (values: unknown): string[] =>
  Array.isArray(values) ? values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))) : [];

const describePages = ({ rows, pageCount, isWhole }: Pages): string =>
  `${counted(rows.length, 'row')} in ${counted(pageCount, 'page')}${isWhole ? ', to the end of the list' : ''}`;

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
