import fc from 'fast-check';
import {
  API_HOST,
  API_KEY,
  appliedOf,
  call,
  CertificateAuthority,
  type Container,
  functionArn,
  restApi,
  type RunningApiGateway,
  startApiGateway,
} from '../../../local/__tests__/support';
import { expectation } from '../../../modules/auth/expectation';
import { acceptHeader, anyAcceptHeader, eventWith, httpRequest, randomEvent } from '../support/bad-input';
import { getEvent, ITEMS_USER, Rds, USERS_READER } from '../support/rds';

jest.setTimeout(300_000);

/** Number of random requests in the longest tests. */
const RUNS = 500;

/** Internal details: code, statements, hosts, credentials. No error of any route, and no answer of /auth-matrix, may contain them. */
const INTERNAL =
  /node_modules|index\.js|\bat \S+ \(|SELECT|INSERT|mysql|rds\.amazonaws|AKIA|X-Amz|secret:|arn:aws|127\.0\.0\.1/i;

const TIMESTAMPS_STATEMENTS = [
  'INSERT IGNORE INTO timestamps (time, id) VALUES (?, ?)',
  'SELECT time, HEX(id) AS id FROM timestamps ORDER BY timestamps.time DESC, timestamps.id DESC LIMIT ?',
  'SELECT time, HEX(id) AS id FROM timestamps WHERE timestamps.time <= ? AND (timestamps.time < ? OR timestamps.id < ?) ORDER BY timestamps.time DESC, timestamps.id DESC LIMIT ?',
];

/** The names of the routes' functions, by path. */
const FUNCTIONS_BY_PATH = {
  '/func1': 'func1',
  '/func2': 'func2',
  '/items': 'items',
  '/': 'users',
  '/auth-matrix': 'auth-matrix',
} as const;
type RouteName = (typeof FUNCTIONS_BY_PATH)[keyof typeof FUNCTIONS_BY_PATH];
const ROUTES = Object.values(FUNCTIONS_BY_PATH);

/** Every statement of the functions, with `?` in place of literals. */
const STATEMENTS: Readonly<Record<RouteName, readonly string[]>> = {
  func1: TIMESTAMPS_STATEMENTS,
  func2: TIMESTAMPS_STATEMENTS,
  items: ['SELECT * FROM items WHERE id > ? ORDER BY id LIMIT ?'],
  users: ['SELECT DISTINCT User AS name FROM mysql.user ORDER BY User'],
  'auth-matrix': ['SELECT ?'],
};

const parametersOf = (route: RouteName): string[] =>
  route === 'users' || route === 'auth-matrix' ? [] : ['limit', 'cursor'];

let rds: Rds;
let containers: Record<RouteName, Container>;

beforeAll(async () => {
  rds = await Rds.start();
  await rds.deploy([rds.timestampsUser(), ITEMS_USER, USERS_READER, { ...ITEMS_USER, name: 'matrix_iam', grants: [] }]);
  const secret = { DB_SECRET_ARN: rds.secretArn('timestamps') };
  const matrix = expectation({
    environment: 'test',
    iamAuthentication: true,
    requireSecureTransport: false,
    proxies: {},
  });
  const logins = matrix.logins.filter(({ tls }) => tls);
  containers = {
    func1: await rds.launch('func1', 'passwordProxy', secret),
    func2: await rds.launch('func2', 'iamProxy', { DB_USER: 'timestamps' }),
    items: await rds.launch('items', 'instance', { DB_USER: 'items' }),
    users: await rds.launch('users', 'instance', { DB_USER: 'users_reader' }),
    'auth-matrix': await rds.launch('auth-matrix', 'instance', {
      ...secret,
      DB_USER: 'matrix_iam',
      AUTH_MATRIX: JSON.stringify({ ...matrix, logins }),
    }),
  };
  for (const container of Object.values(containers)) await container.invoke(getEvent());
  await rds.sql('SET GLOBAL log_output = "TABLE"');
  await rds.sql('SET GLOBAL general_log = ON');
});

afterAll(() => rds.stop());

/**
 * Returns the distinct statements of the functions' users since the last call, with `?` in place of literals. Omits ROLLBACK, which
 * a function sends after an error.
 */
async function newStatements(): Promise<string[]> {
  const rows = await rds.sql<{ statement: string }>(
    "SELECT CONVERT(argument USING utf8mb4) AS statement FROM mysql.general_log WHERE command_type = 'Query' AND user_host NOT LIKE 'root%'",
  );
  await rds.sql('TRUNCATE mysql.general_log');
  const literal = /x'[0-9a-f]*'|'(?:[^'\\]|\\.|'')*'|\b\d+\b/gi;
  const distinct = new Set(rows.map(({ statement }) => statement.replace(literal, '?')));
  return [...distinct].filter((statement) => statement !== 'ROLLBACK').sort();
}

const sorted = (list: readonly string[]): string[] => [...list].sort();

/** Invokes a function. Repeats a HEAD request as GET, because the answer to HEAD has no body to check. */
async function invoke(route: RouteName, request: unknown): Promise<Answer> {
  const { functionError, payload } = await containers[route].invoke(request);
  expect(functionError).toBeUndefined();
  const response = JSON.parse(payload) as Answer;
  const sent = Object(request) as { readonly httpMethod?: unknown };
  if (sent.httpMethod !== 'HEAD') return response;
  expect(response.body).toBe('');
  return invoke(route, { ...sent, httpMethod: 'GET' });
}

interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Names of the parameters in an event. */
const namesIn = (request: { readonly multiValueQueryStringParameters: object | null }): string[] =>
  Object.keys(request.multiValueQueryStringParameters ?? {});

/** Events with unknown parameters. Parsed from JSON, because `__proto__` in an object literal would set the prototype. */
const UNKNOWN_PARAMETERS = ['{"__proto__":["1"]}', '{"constructor":["1"]}'].map((query) =>
  eventWith(JSON.parse(query) as Record<string, string[]>),
);

function expectJson({ headers, body }: Pick<Answer, 'headers' | 'body'>): void {
  expect(headers['content-type']).toBe('application/json; charset=utf-8');
  expect(JSON.parse(body)).toEqual(expect.any(Object));
}

/** Expects a 400 in JSON with only an error and a request id. The error may quote names of parameters, but no internal details. */
function expectRefusal(response: Answer, names: readonly string[]): void {
  expect(response.statusCode).toBe(400);
  expectJson(response);
  const { error, ...rest } = JSON.parse(response.body) as { error: string; requestId: string };
  expect(Object.keys(rest)).toEqual(['requestId']);
  const withoutNames = names.reduce((text, name) => text.replace(JSON.stringify(name), '').replace(name, ''), error);
  expect(withoutNames).not.toMatch(INTERNAL);
}

describe.each(['func1', 'func2', 'items', 'users'] as const)('any request to %s', (route) => {
  beforeAll(newStatements);

  it('gets JSON, without internal details in a refusal; the request’s parameters reach the database only as values', async () => {
    await fc.assert(
      fc.asyncProperty(randomEvent, async (request) => {
        const names = namesIn(request);
        const response = await invoke(route, request);
        const areKnown = names.every((name) => parametersOf(route).includes(name));
        if (!areKnown || response.statusCode !== 200) expectRefusal(response, names);
        else expectJson(response);
      }),
      { numRuns: RUNS, examples: UNKNOWN_PARAMETERS.map((request) => [request]) },
    );
    expect(await newStatements()).toEqual(sorted(STATEMENTS[route]));
  });
});

describe('any request to auth-matrix', () => {
  beforeAll(newStatements);

  /** Expects a measurement, as a page or as JSON, without internal details. */
  function expectMeasurement({ statusCode, headers, body }: Answer, isPage: boolean): void {
    expect(statusCode).toBe(200);
    expect(headers).toMatchObject({ vary: 'accept' });
    expect(headers['content-type']).toBe(`${isPage ? 'text/html' : 'application/json'}; charset=utf-8`);
    expect('content-security-policy' in headers).toBe(isPage);
    expect(body).toMatch(isPage ? /^<!doctype html>[^]+<\/html>\s*$/ : /^\{"agrees":true,/);
    // The page may name MySQL, which INTERNAL would match: INTERNAL ignores case and contains mysql, the name of the driver.
    expect(body.replaceAll('MySQL', '')).not.toMatch(INTERNAL);
    expect(body).not.toMatch(/alert\(1\)/);
  }

  it('gets a measurement, or 400 if it has parameters; no part of the request reaches the database', async () => {
    await fc.assert(
      fc.asyncProperty(randomEvent, anyAcceptHeader, async (request, header) => {
        const multiValueHeaders = { ...request.multiValueHeaders, ...header };
        const response = await invoke('auth-matrix', { ...request, multiValueHeaders });
        const names = namesIn(request);
        if (names.length > 0) expectRefusal(response, names);
        else expectMeasurement(response, response.headers['content-type']?.startsWith('text/html') ?? false);
      }),
      { numRuns: RUNS / 2 },
    );
    expect(await newStatements()).toEqual(STATEMENTS['auth-matrix']);
  });

  it('gets a page if the caller prefers HTML to JSON, and JSON otherwise', async () => {
    await fc.assert(
      fc.asyncProperty(acceptHeader, async ({ html, json, headers }) => {
        const response = await invoke('auth-matrix', { ...eventWith({}), multiValueHeaders: headers });
        expectMeasurement(response, html > json);
      }),
      { numRuns: 100 },
    );
  });
});

describe('any direct invocation', () => {
  beforeAll(newStatements);

  it.each(ROUTES)('of %s gets 400 in JSON, and runs no statement', async (route) => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (request) => {
        expectRefusal(await invoke(route, request), []);
      }),
      { numRuns: RUNS / 5 },
    );
    expect(await newStatements()).toEqual([]);
  });
});

describe('any HTTP request to the API', () => {
  let gateway: RunningApiGateway;
  let ca: CertificateAuthority;
  let invoked: string[];

  beforeAll(async () => {
    ca = await CertificateAuthority.create();
    const routesByArn = new Map(ROUTES.map((route) => [functionArn(route), route]));
    gateway = await startApiGateway({
      applied: appliedOf(restApi(FUNCTIONS_BY_PATH)),
      certificate: await ca.issue(API_HOST),
      address: '127.0.0.1',
      port: 0,
      log: () => undefined,
      invoke: (arn, request) => {
        const route = routesByArn.get(arn) ?? 'users';
        invoked.push(route);
        return containers[route].invoke(request);
      },
    });
    await newStatements();
  });

  afterAll(() => gateway.stop());

  /** Routes by path. API Gateway compares paths exactly, except for one slash at their end. */
  const routesByPath = new Map(
    Object.entries(FUNCTIONS_BY_PATH).flatMap(([path, route]) => [
      [path, route],
      [path === '/' ? '' : `${path}/`, route],
    ]),
  );

  it('reaches only the function of its path, and crashes none', async () => {
    const outcomes = new Set<string>();
    await fc.assert(
      fc.asyncProperty(httpRequest(Object.keys(FUNCTIONS_BY_PATH)), async ({ path, query, ...request }) => {
        invoked = [];
        // Node.js adds no Content-Length to a GET. Without it, the server would read the body as the next request.
        const headers = { ...request.headers, 'x-api-key': API_KEY, 'content-length': Buffer.byteLength(request.body) };
        const target = { port: gateway.port, host: API_HOST, ca: ca.pem, path: `/live${path}${query}` };
        const response = await call({ ...request, ...target, headers });
        const route = request.method === 'GET' ? routesByPath.get(path) : undefined;
        expect(invoked).toEqual(route === undefined ? [] : [route]);
        expect(route === undefined ? [403] : [200, 400]).toContain(response.status);
        if (route !== undefined) outcomes.add(`${route} ${response.status}`);
        if (response.status !== 200) expect(response.headers['content-type']).toMatch(/^application\/json/);
      }),
      { numRuns: RUNS },
    );
    expect(sorted([...outcomes])).toEqual(sorted(ROUTES.flatMap((route) => [`${route} 200`, `${route} 400`])));
    const known = new Set(Object.values(STATEMENTS).flat());
    expect((await newStatements()).filter((statement) => !known.has(statement))).toEqual([]);
  });
});
