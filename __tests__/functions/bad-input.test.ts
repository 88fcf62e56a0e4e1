import fc from 'fast-check';
import type { Container } from '../../local/lambda/container';
import { answerOf, Rds } from '../support/rds';

jest.setTimeout(300_000);

const RUNS = 500;

/** What callers must never see, wherever it comes from: code, statements, hosts, credentials. */
const INTERNAL =
  /node_modules|index\.js|\bat \S+ \(|SELECT|INSERT|mysql|rds\.amazonaws|AKIA|X-Amz|secret:|arn:aws|127\.0\.0\.1/i;

/** Every statement that the functions have, with `?` in the place of what MySQL calls literals. */
const STATEMENTS: Readonly<Record<RouteName, readonly RegExp[]>> = {
  func1: [
    /^INSERT IGNORE INTO timestamps \(time, id\) VALUES \(\?, \?\)$/,
    /^SELECT time, HEX\(id\) AS id FROM timestamps /,
  ],
  func2: [
    /^INSERT IGNORE INTO timestamps \(time, id\) VALUES \(\?, \?\)$/,
    /^SELECT time, HEX\(id\) AS id FROM timestamps /,
  ],
  items: [/^SELECT \* FROM items WHERE id > \? ORDER BY id LIMIT \?$/],
  users: [/^SELECT DISTINCT User AS name FROM mysql\.user ORDER BY User$/],
};

type RouteName = 'func1' | 'func2' | 'items' | 'users';

let rds: Rds;

beforeAll(async () => {
  rds = await Rds.start();
  await rds.putSecret('timestamps', 'a password');
  const user = { host: '%', maxUserConnections: 20 };
  const read = (table: string) => [{ privileges: ['SELECT', 'INSERT'], on: ['app', table] }];
  const column = [{ privileges: ['SELECT'], columns: ['User'], on: ['mysql', 'user'] }];
  const bootstrap = await rds.launch('bootstrap', 'instance', { DB_SECRET_ARN: rds.secretArns['admin'] ?? '' });
  const { functionError } = await bootstrap.invoke({
    database: 'app',
    users: [
      {
        ...user,
        name: 'timestamps',
        login: 'password',
        secretArn: rds.secretArns['timestamps'],
        grants: read('timestamps'),
      },
      { ...user, name: 'items', login: 'iam', grants: read('items') },
      { ...user, name: 'users_reader', login: 'iam', grants: column },
    ],
  });
  expect(functionError).toBeUndefined();
  await rds.sql('SET GLOBAL log_output = "TABLE"');
  await rds.sql('SET GLOBAL general_log = ON');
});

afterAll(() => rds.stop());

/** Statements that the server got of the functions' users since the last call, literals replaced. */
async function statements(): Promise<string[]> {
  const rows = await rds.sql<{ statement: string }>(
    "SELECT CONVERT(argument USING utf8mb4) AS statement FROM mysql.general_log WHERE command_type = 'Query' AND user_host NOT LIKE 'root%'",
  );
  await rds.sql('TRUNCATE mysql.general_log');
  const literal = /x'[0-9a-f]*'|'(?:[^'\\]|\\.|'')*'|\b\d+\b/gi;
  return rows.map(({ statement }) => statement.replace(literal, '?')).filter((statement) => statement !== 'ROLLBACK');
}

const anything = fc.oneof(
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
    ],
    ...['-1', '0', '1e3', '0x10', '9999999999', 'NaN', 'null', '__proto__', 'constructor', 'toString', '', ' 1', '１'],
  ),
);

/** Cursors that look like ours, down to the last letter or almost. */
const cursor = fc
  .oneof(
    anything,
    fc.integer().map(String),
    fc.nat(4_294_967_295).map(String),
    fc.tuple(fc.date({ noInvalidDate: true }), fc.uuid()).map(([date, id]) => `${date.toISOString()} ${id}`),
    fc.uuid().map((id) => `2026-02-31T29:61:61.999Z ${id}`),
    fc.uuid().map((id) => `0000-00-00T00:00:00.000Z ${id}`),
  )
  .map((key) => Buffer.from(key, 'utf8').toString('base64url'));

const parameters = fc.option(
  fc.dictionary(
    fc.oneof({ weight: 3, arbitrary: fc.constantFrom('limit', 'cursor') }, anything),
    fc.oneof(
      fc.oneof(anything, cursor, fc.integer({ min: -2, max: 1002 }).map(String)).map((value) => [value]),
      fc.array(anything, { maxLength: 3 }),
    ),
    { maxKeys: 3 },
  ),
  { nil: null },
);

const single = <T>(many: Record<string, T[]> | null): Record<string, T | undefined> | null =>
  many && Object.fromEntries(Object.entries(many).map(([name, values]) => [name, values.at(-1)]));

/** An event of API Gateway: everything in it that a caller can choose. */
const event = fc
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

type Generated = typeof event extends fc.Arbitrary<infer Event> ? Event : never;

const ORDINARY: Generated = {
  resource: '/',
  path: '/',
  httpMethod: 'GET',
  headers: null,
  multiValueHeaders: null,
  queryStringParameters: null,
  multiValueQueryStringParameters: null,
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

describe.each([
  ['func1', 'passwordProxy', 'timestamps'],
  ['func2', 'iamProxy', 'timestamps'],
  ['items', 'instance', 'items'],
  ['users', 'instance', 'users_reader'],
] as const)('whatever a caller sends to %s', (route, target, user) => {
  let container: Container;

  beforeAll(async () => {
    const secret = { DB_SECRET_ARN: rds.secretArns['timestamps'] ?? '' };
    container = await rds.launch(route, target, { DB_USER: user, ...secret });
    await container.invoke({ requestContext: { requestId: 'request-0' }, multiValueQueryStringParameters: null });
    await statements();
  });

  /** Names of parameters that the route has. */
  const parametersOf = route === 'users' ? [] : ['limit', 'cursor'];

  it('is answered or refused in JSON, tells nothing internal, and reaches the database as a value only', async () => {
    await fc.assert(
      fc.asyncProperty(event, async (request) => {
        const names = Object.keys(request.multiValueQueryStringParameters ?? {});
        const invocation = await container.invoke(request);
        expect(invocation.functionError).toBeUndefined();
        const { statusCode, headers, body } = answerOf(invocation);
        expect(headers['content-type']).toBe('application/json; charset=utf-8');
        expect([200, 400]).toContain(statusCode);
        if (names.some((name) => !parametersOf.includes(name))) expect(statusCode).toBe(400);
        if (statusCode === 200) return;
        expect(Object.keys(body as object).sort()).toEqual(['error', 'requestId']);
        expect(withoutNames(body.error as string, names)).not.toMatch(INTERNAL);
      }),
      { numRuns: RUNS, examples: [[withParameters('{"__proto__":["1"]}')], [withParameters('{"constructor":["1"]}')]] },
    );
    const known = STATEMENTS[route];
    const seen = await statements();
    for (const ours of known) expect(seen).toContainEqual(expect.stringMatching(ours));
    expect(seen.filter((statement) => !known.some((ours) => ours.test(statement)))).toEqual([]);
  });
});

/** An answer may quote the parameter that it refuses, in the caller's own words. */
function withoutNames(error: string, names: readonly string[]): string {
  return names.reduce((text, name) => text.replace(JSON.stringify(name), '').replace(name, ''), error);
}

/** A request of which only the query is out of the ordinary. */
function withParameters(json: string): Generated {
  const query = JSON.parse(json) as Record<string, string[]>;
  return { ...ORDINARY, queryStringParameters: single(query), multiValueQueryStringParameters: query };
}
