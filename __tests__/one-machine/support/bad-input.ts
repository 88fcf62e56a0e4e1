import { METHODS } from 'node:http';
import fc from 'fast-check';

/** Any text, and known malicious ones. */
export const anything = fc.oneof(
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

/** A cursor of func1 and func2, with a year that MySQL's DATETIME supports. */
const timestamp = fc
  .tuple(fc.date({ min: new Date('1000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }), fc.uuid())
  .map(([date, id]) => `${date.toISOString()} ${id}`);

/** Cursors that are valid or almost valid. */
const cursor = fc
  .oneof(
    { weight: 2, arbitrary: timestamp },
    anything,
    fc.integer().map(String),
    fc.nat(4_294_967_295).map(String),
    fc.tuple(fc.date({ noInvalidDate: true }), fc.uuid()).map(([date, id]) => `${date.toISOString()} ${id}`),
    fc.uuid().map((id) => `2026-02-31T29:61:61.999Z ${id}`),
    fc.uuid().map((id) => `0000-00-00T00:00:00.000Z ${id}`),
  )
  .map((key) => Buffer.from(key, 'utf8').toString('base64url'));

const limit = fc.integer({ min: -2, max: 1002 }).map(String);

/** Values by parameter name: none, the known parameters, or any. */
const parameters = fc.oneof(
  fc.constant(null),
  fc.record({ limit: limit.map((one) => [one]), cursor: cursor.map((one) => [one]) }, { requiredKeys: [] }),
  fc.dictionary(
    fc.oneof({ weight: 3, arbitrary: fc.constantFrom('limit', 'cursor') }, anything),
    fc.oneof(
      fc.oneof(anything, cursor, limit).map((value) => [value]),
      fc.array(anything, { maxLength: 3 }),
    ),
    { maxKeys: 3 },
  ),
);

const single = <T>(many: Record<string, T[]> | null): Record<string, T | undefined> | null =>
  many && Object.fromEntries(Object.entries(many).map(([name, values]) => [name, values.at(-1)]));

/** An event of API Gateway, with every part that a caller can choose. */
export const event = fc
  .record({
    path: anything,
    httpMethod: fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS'),
    headers: fc.option(fc.dictionary(anything, fc.array(anything, { minLength: 1, maxLength: 2 }), { maxKeys: 4 }), {
      nil: null,
    }),
    query: parameters,
    pathParameters: fc.option(fc.dictionary(anything, anything, { maxKeys: 2 }), { nil: null }),
    body: fc.option(fc.oneof(anything, fc.json(), fc.base64String()), { nil: null }),
    isBase64Encoded: fc.boolean(),
    sourceIp: fc.oneof(fc.ipV4(), fc.ipV6()),
    userAgent: fc.option(anything, { nil: null }),
  })
  .map(({ query, headers, sourceIp, userAgent, path, ...rest }) => ({
    ...rest,
    resource: '/',
    path,
    headers: single(headers),
    multiValueHeaders: headers,
    queryStringParameters: single(query),
    multiValueQueryStringParameters: query,
    stageVariables: null,
    requestContext: { requestId: 'request-1', identity: { sourceIp, userAgent }, path, stage: 'live' },
  }));

type Event = typeof event extends fc.Arbitrary<infer Generated> ? Generated : never;

/** An ordinary event with an unusual query. */
export function eventWith(query: Record<string, string[]>): Event {
  return {
    resource: '/',
    path: '/',
    httpMethod: 'GET',
    headers: null,
    multiValueHeaders: null,
    queryStringParameters: single(query),
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

/** Few values, so that two are often equal. */
const quality = fc.constantFrom(0, 0.001, 0.2, 0.5, 0.9, 1);
const inAnyCase = (text: string) =>
  fc.mixedCase(fc.constant(text), { toggleCase: (letter) => letter.toUpperCase(), untoggleAll: (all) => all });
const inAnyOrder = (ranges: string[]) => fc.shuffledSubarray(ranges, { minLength: ranges.length });
const blank = fc.constantFrom('', ' ', '\t');

/** One entry of an Accept header, in any spelling. */
const range = (type: string, q: number) =>
  fc
    .tuple(inAnyCase(type), blank, fc.constantFrom('', ';charset=utf-8', ';level=1'))
    .map(([written, space, parameter]) => `${space}${written}${parameter};${space}q=${q}`);

/** An Accept header, in any spelling, with qualities for HTML, JSON and other types. */
export const accept = fc
  .record({ html: quality, json: quality, others: fc.array(fc.constantFrom('image/png', 'text/plain', '*/*;q=0.1')) })
  .chain(({ html, json, others }) =>
    fc
      .tuple(inAnyCase('accept'), range('text/html', html), range('application/json', json))
      .chain(([name, ...both]) => fc.tuple(fc.constant(name), inAnyOrder([...both, ...others])))
      .map(([name, ranges]) => ({ html, json, headers: { [name]: [ranges.join(',')] } })),
  );

/** An Accept header with any value. */
export const anyAccept = fc.oneof(
  accept.map(({ headers }) => headers),
  fc
    .tuple(inAnyCase('accept'), fc.array(anything, { minLength: 1, maxLength: 3 }))
    .map(([name, values]) => ({ [name]: values })),
);

/** Header values that Node.js can send. */
const isSendable = (text: string): boolean => /^[\t\x20-\x7e\x80-\xff]*$/.test(text);

/** Paths near a path, and other spellings of it. */
const nearby = (path: string): string[] => [
  path,
  ...[`${path}/`, `${path}//`, `/${path}`, `${path}/.`, `${path}/..`, `/.${path}`, `${path};a=b`, `${path}%2f`],
  ...[`${path}%00`, path.toUpperCase(), path.replace(/[a-z]/, (letter) => `%${letter.charCodeAt(0).toString(16)}`)],
];

/** Any HTTP request that a client can send to an API with these paths. */
export const httpRequest = (paths: readonly string[]) =>
  fc.record({
    method: fc.oneof(
      { weight: 3, arbitrary: fc.constant('GET') },
      fc.constantFrom(...METHODS.filter((method) => method !== 'CONNECT')),
    ),
    path: fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...paths) },
      fc.constantFrom(...paths.flatMap(nearby)),
      fc.webPath(),
      fc.string({ maxLength: 50 }).map((text) => `/${encodeURIComponent(text)}`),
    ),
    query: fc.oneof(
      fc.constantFrom('', '?', '?%', '?limit=%', '?limit=1&limit=2', '?limit[]=1', '?&&', '?=', '?%00=1', '?limit=1?'),
      parameters.map((query) => `?${queryString(query ?? {})}`),
    ),
    headers: anyAccept.map((headers) => ({ accept: Object.values(headers).flat().filter(isSendable) })),
    body: fc.oneof(fc.constant(''), anything),
  });

function queryString(query: Readonly<Record<string, readonly string[]>>): string {
  const parameters = new URLSearchParams();
  for (const [name, values] of Object.entries(query)) values.forEach((value) => parameters.append(name, value));
  return parameters.toString();
}
