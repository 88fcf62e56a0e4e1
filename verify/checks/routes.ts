import { ROUTE_NAMES, routeOf } from '../../contract/routes';
import type { Schema } from '../../contract/schemas';
import { bodyOf, describe, type Answer } from '../answer';
import { byCalling, urlOf, works, type Check, type Context } from '../check';
import { reasonOf } from '../reason';
import { checked, notChecked, type Row } from '../row';

type Route = Context['outputs']['deployed']['routes'][number];

/** Fields of the answer of each declared route, by its path. */
const FIELDS: ReadonlyMap<string, NonNullable<Schema['properties']>> = new Map(
  ROUTE_NAMES.map(routeOf).map(({ path, operation }) => [path, operation.schema.properties ?? {}]),
);

/** Returns the name of the list that a route returns page by page; `undefined` if the answer has no pages. */
export function listOf(path: string): string | undefined {
  const fields = FIELDS.get(path) ?? {};
  if (!('next' in fields)) return undefined;
  return Object.keys(fields).find((name) => (fields[name] as Schema).type === 'array');
}

/** Returns whether GET of a route stores the time. The check calls such a route once, with a page of one row. */
export const storesTime = (path: string): boolean => 'recorded' in (FIELDS.get(path) ?? {});

/** Returns path and query of the first GET of a route. */
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

async function byGet(context: Context, route: Route): Promise<Row> {
  const { caller, answers } = context;
  const request = firstRequest(route.path);
  const expected = '200 application/json; charset=utf-8';
  const what = `GET ${request}`;
  const row = await byCalling(
    what,
    expected,
    () => caller.call(urlOf(context, request)),
    (answer) => {
      answers.set(route.path, answer);
      return checked(what, expected, whatCame(answer));
    },
  );
  const answer = answers.get(route.path);
  if (answer === undefined || answer.status < 500) return row;
  return { ...row, seen: `${row.seen} ${await reasonOf(context, route.function, answer)}` };
}

const whatCame = (answer: Answer): string =>
  answer.status === 200 ? `200 ${String(answer.headers['content-type'])}` : describe(answer);

function storedTime(context: Context, path: string): Row {
  const what = `GET ${firstRequest(path)} stores the time`;
  const expected = 'the newest time is the stored one, or newer';
  const answer = context.answers.get(path);
  if (answer === undefined || !works(context, path)) return notChecked(what, expected, `GET ${path} fails`);
  const { recorded, timestamps } = bodyOf(answer);
  const newest: unknown = Array.isArray(timestamps) ? timestamps[0] : undefined;
  const isRight = typeof recorded === 'string' && typeof newest === 'string' && newest >= recorded;
  return checked(what, expected, isRight ? expected : `stored ${String(recorded)}, newest ${String(newest)}`);
}

async function byHead(context: Context, path: string): Promise<Row> {
  const expected = '200 without a body';
  const what = `HEAD ${path}`;
  if (!works(context, path)) return notChecked(what, expected, `GET ${path} fails`);
  return byCalling(
    what,
    expected,
    () => context.caller.call(urlOf(context, path), { method: 'HEAD' }),
    (answer) => checked(what, expected, `${answer.status} ${answer.text === '' ? 'without a body' : 'with a body'}`),
  );
}

function withoutTls(context: Context, path: string): Promise<Row> {
  const expected = '301 to https';
  const what = `GET ${path} without TLS`;
  const url = urlOf(context, path).replace('https:', 'http:');
  return byCalling(
    what,
    expected,
    () => context.caller.call(url),
    (answer) => {
      const leadsTo = String(answer.headers.location);
      return checked(what, expected, `${answer.status} to ${leadsTo.startsWith('https://') ? 'https' : leadsTo}`);
    },
  );
}
