import { METHODS } from 'node:http';
import fc from 'fast-check';

/** Any text, including known attacks and edge cases. */
export const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ unit: 'grapheme', maxLength: 300 }),
  fc.constantFrom(
    ...[
      "' OR 1=1 -- ",
      '"; DROP TABLE timestamps; --',
      '1) UNION SELECT User FROM mysql.user',
      '\0',
      '%00',
      '../../etc/passwd',
      '<script>alert(1)</script>',
    ],
    ...['-1', '0', '1e3', '0x10', '9999999999', 'NaN', 'null', '__proto__', 'constructor', 'toString', '', ' 1', '１'],
  ),
);

/** The key in a cursor of `/func1` or `/func2`: a time that MySQL's DATETIME supports, and an id. */
const storedKey = fc
  .tuple(fc.date({ min: new Date('1000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }), fc.uuid())
  .map(([date, id]) => `${date.toISOString()} ${id}`);

/** Cursors with a valid, an almost valid or a random key. */
const cursor = fc
  .oneof(
    { weight: 2, arbitrary: storedKey },
    anyText,
    fc.integer().map(String),
    fc.nat(4_294_967_295).map(String),
    fc.tuple(fc.date({ noInvalidDate: true }), fc.uuid()).map(([date, id]) => `${date.toISOString()} ${id}`),
    fc.uuid().map((id) => `2026-02-31T29:61:61.999Z ${id}`),
    fc.uuid().map((id) => `0000-00-00T00:00:00.000Z ${id}`),
  )
  .map((key) => Buffer.from(key, 'utf8').toString('base64url'));

const limit = fc.integer({ min: -2, max: 1002 }).map(String);

/** Query parameters with their values: none, only `limit` and `cursor`, or any. */
const queryParameters = fc.oneof(
  fc.constant(null),
  fc.record({ limit: limit.map((value) => [value]), cursor: cursor.map((value) => [value]) }, { requiredKeys: [] }),
  fc.dictionary(
    fc.oneof({ weight: 3, arbitrary: fc.constantFrom('limit', 'cursor') }, anyText),
    fc.oneof(
      fc.oneof(anyText, cursor, limit).map((value) => [value]),
      fc.array(anyText, { maxLength: 3 }),
    ),
    { maxKeys: 3 },
  ),
);

/** API Gateway puts the last of several values into the fields that allow only one. */
const lastValues = <T>(all: Record<string, T[]> | null): Record<string, T | undefined> | null =>
  all && Object.fromEntries(Object.entries(all).map(([name, values]) => [name, values.at(-1)]));

/** An event of API Gateway. Every part that a caller can choose varies. */
export const randomEvent = fc
  .record({
    path: anyText,
    httpMethod: fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS'),
    headers: fc.option(fc.dictionary(anyText, fc.array(anyText, { minLength: 1, maxLength: 2 }), { maxKeys: 4 }), {
      nil: null,
    }),
    query: queryParameters,
    pathParameters: fc.option(fc.dictionary(anyText, anyText, { maxKeys: 2 }), { nil: null }),
    body: fc.option(fc.oneof(anyText, fc.json(), fc.base64String()), { nil: null }),
    isBase64Encoded: fc.boolean(),
    sourceIp: fc.oneof(fc.ipV4(), fc.ipV6()),
    userAgent: fc.option(anyText, { nil: null }),
  })
  .map(({ query, headers, sourceIp, userAgent, path, ...rest }) => ({
    ...rest,
    resource: '/',
    path,
    headers: lastValues(headers),
    multiValueHeaders: headers,
    queryStringParameters: lastValues(query),
    multiValueQueryStringParameters: query,
    stageVariables: null,
    requestContext: { requestId: 'request-1', identity: { sourceIp, userAgent }, path, stage: 'live' },
  }));

type Event = typeof randomEvent extends fc.Arbitrary<infer Generated> ? Generated : never;

/** Makes an event of API Gateway for `GET /` with these query parameters. */
export function eventWith(query: Record<string, string[]>): Event {
  return {
    resource: '/',
    path: '/',
    httpMethod: 'GET',
    headers: null,
    multiValueHeaders: null,
    queryStringParameters: lastValues(query),
    multiValueQueryStringParameters: query,
    pathParameters: null,
    stageVariables: null,
    body: null,
    isBase64Encoded: false,
    requestContext: {
      requestId: 'request-1',
      identity: { sourceIp: '203.0.113.1', userAgent: null },
      path: '/',
      stage: 'live',
    },
  };
}

/** The q of a media type. The list is short, so that HTML and JSON often have the same q. */
const quality = fc.constantFrom(0, 0.001, 0.2, 0.5, 0.9, 1);
const inAnyCase = (lowerCase: string) =>
  fc.mixedCase(fc.constant(lowerCase), { toggleCase: (letter) => letter.toUpperCase(), untoggleAll: (text) => text });
const inAnyOrder = (ranges: string[]) => fc.shuffledSubarray(ranges, { minLength: ranges.length });
const blank = fc.constantFrom('', ' ', '\t');

/** One entry of an Accept header, in any spelling. */
const mediaRange = (type: string, q: number) =>
  fc
    .tuple(inAnyCase(type), blank, fc.constantFrom('', ';charset=utf-8', ';level=1'))
    .map(([written, space, parameter]) => `${space}${written}${parameter};${space}q=${q}`);

/** An Accept header in any spelling, and the qualities that it gives HTML and JSON. */
export const acceptHeader = fc
  .record({ html: quality, json: quality, others: fc.array(fc.constantFrom('image/png', 'text/plain', '*/*;q=0.1')) })
  .chain(({ html, json, others }) =>
    fc
      .tuple(inAnyCase('accept'), mediaRange('text/html', html), mediaRange('application/json', json))
      .chain(([name, ...ranges]) => fc.tuple(fc.constant(name), inAnyOrder([...ranges, ...others])))
      .map(([name, ranges]) => ({ html, json, headers: { [name]: [ranges.join(',')] } })),
  );

/** An Accept header with any value. */
export const anyAcceptHeader = fc.oneof(
  acceptHeader.map(({ headers }) => headers),
  fc
    .tuple(inAnyCase('accept'), fc.array(anyText, { minLength: 1, maxLength: 3 }))
    .map(([name, values]) => ({ [name]: values })),
);

/** Returns whether Node.js can send a header value. */
const isSendable = (text: string): boolean => /^[\t\x20-\x7e\x80-\xff]*$/.test(text);

/** Lists a path, its other spellings, and paths that differ little from it. */
const similarPaths = (path: string): string[] => [
  path,
  ...[`${path}/`, `${path}//`, `/${path}`, `${path}/.`, `${path}/..`, `/.${path}`, `${path};a=b`, `${path}%2f`],
  ...[`${path}%00`, path.toUpperCase(), path.replace(/[a-z]/, (letter) => `%${letter.charCodeAt(0).toString(16)}`)],
];

/** A random HTTP request to an API, often to one of `paths`, with any method but CONNECT and any Accept header that Node.js can send. */
export const httpRequest = (paths: readonly string[]) =>
  fc.record({
    method: fc.oneof(
      { weight: 3, arbitrary: fc.constant('GET') },
      fc.constantFrom(...METHODS.filter((method) => method !== 'CONNECT')),
    ),
    path: fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...paths) },
      fc.constantFrom(...paths.flatMap(similarPaths)),
      fc.webPath(),
      fc.string({ maxLength: 50 }).map((text) => `/${encodeURIComponent(text)}`),
    ),
    query: fc.oneof(
      fc.constantFrom('', '?', '?%', '?limit=%', '?limit=1&limit=2', '?limit[]=1', '?&&', '?=', '?%00=1', '?limit=1?'),
      queryParameters.map((query) => `?${queryString(query ?? {})}`),
    ),
    headers: anyAcceptHeader.map((headers) => ({ accept: Object.values(headers).flat().filter(isSendable) })),
    body: fc.oneof(fc.constant(''), anyText),
  });

function queryString(query: Readonly<Record<string, readonly string[]>>): string {
  const pairs = Object.entries(query).flatMap(([name, values]) =>
    values.map((value): [string, string] => [name, value]),
  );
  return new URLSearchParams(pairs).toString();
}
