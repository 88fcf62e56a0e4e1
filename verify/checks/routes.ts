import { ROUTE_NAMES, routeOf } from '../../contract/routes';
import type { Schema } from '../../contract/schemas';
import { bodyOf, statusAndType } from '../http-response';
import {
  responseOf,
  byCalling,
  checked,
  failedRouteRow,
  urlOf,
  type Check,
  type CheckContext,
  type Row,
} from '../check';
import { loggedReasonOf } from '../reason';

type Route = CheckContext['outputs']['deployed']['routes'][number];

/** Fields of the response of each declared route, by its path. */
const FIELDS: ReadonlyMap<string, NonNullable<Schema['properties']>> = new Map(
  ROUTE_NAMES.map(routeOf).map(({ path, operation }) => [path, operation.schema.properties ?? {}]),
);

/** Returns the name of the list that a route returns page by page; `undefined` if the response has no pages. */
export function pagedListOf(path: string): string | undefined {
  const fields = FIELDS.get(path) ?? {};
  if (!('next' in fields)) return undefined;
  return Object.keys(fields).find((name) => (fields[name] as Schema).type === 'array');
}

/** Returns whether a route stores the time of every GET that has no cursor. */
export const storesTime = (path: string): boolean => 'recorded' in (FIELDS.get(path) ?? {});

/**
 * Returns path and query of the first GET of a route. This GET has no cursor. For a route that stores the time, this GET asks for one
 * stored time.
 */
export const firstRequest = (path: string): string => (storesTime(path) ? `${path}?limit=1` : path);

/** Checks every deployed route with GET, with HEAD and without TLS. */
export const routes: Check = {
  title: 'Routes',
  rows: async function* (context) {
    for (const route of context.outputs.deployed.routes) {
      yield await byGet(context, route);
      if (storesTime(route.path)) yield storedTime(context, route.path);
      yield await byHead(context, route.path);
      yield await withoutTls(context, route.path);
    }
  },
};

async function byGet(context: CheckContext, route: Route): Promise<Row> {
  const { caller, responses } = context;
  const request = firstRequest(route.path);
  const call = async () => {
    const response = await caller.call(urlOf(context, request));
    responses.set(route.path, response);
    return response;
  };
  const row = await byCalling(`GET ${request}`, '200 application/json; charset=utf-8', call, statusAndType);
  const response = responses.get(route.path);
  if (response === undefined || response.status < 500) return row;
  return { ...row, seen: `${row.seen} ${await loggedReasonOf(context, route.function, response)}` };
}

function storedTime(context: CheckContext, path: string): Row {
  const what = `GET ${firstRequest(path)} stores the time`;
  const expected = 'timestamps[0] equals recorded or is later';
  const response = responseOf(context, path);
  if (response === undefined) return failedRouteRow(what, expected, path);
  const { recorded, timestamps } = bodyOf(response);
  const newest: unknown = Array.isArray(timestamps) ? timestamps[0] : undefined;
  const isRight = typeof recorded === 'string' && typeof newest === 'string' && newest >= recorded;
  return checked(what, expected, isRight ? expected : `recorded ${String(recorded)}, timestamps[0] ${String(newest)}`);
}

async function byHead(context: CheckContext, path: string): Promise<Row> {
  const expected = '200';
  const what = `HEAD ${path}`;
  if (!responseOf(context, path)) return failedRouteRow(what, expected, path);
  const call = () => context.caller.call(urlOf(context, path), { method: 'HEAD' });
  return byCalling(what, expected, call, ({ status }) => String(status));
}

function withoutTls(context: CheckContext, path: string): Promise<Row> {
  const call = () => context.caller.call(urlOf(context, path).replace('https:', 'http:'));
  return byCalling(`GET ${path} without TLS`, '301 to https', call, ({ status, headers: { location } }) => {
    if (location === undefined) return `${status} without a redirect`;
    return `${status} to ${location.startsWith('https://') ? 'https' : location}`;
  });
}
