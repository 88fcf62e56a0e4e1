import { API, GATEWAY, rowsOf, StandIn, type Fault } from '../support/verified';

jest.setTimeout(60_000);

let standIn: StandIn;

beforeAll(async () => (standIn = await StandIn.start()));
afterAll(() => standIn.stop());

/** Returns the differences and their actual results. */
const seen = async (fault: Fault): Promise<Record<string, string>> =>
  Object.fromEntries((await standIn.differing(fault)).map((row) => [row.what, row.seen]));

describe('verify', () => {
  it('finds no difference in a correct deployment', async () => {
    const rows = await rowsOf(standIn.deployment());
    expect(rows.filter(({ outcome }) => outcome !== 'as expected')).toEqual([]);
    expect(rows.length).toBeGreaterThan(50);
  });

  it('checks only AWS if no route is deployed', async () => {
    const { outputs, ...deployment } = standIn.deployment();
    const { deployed } = outputs;
    const rows = await rowsOf({ ...deployment, outputs: { deployed: deployed ?? { value: {}, sensitive: false } } });
    expect(new Set(rows.map(({ group }) => group))).toEqual(
      new Set(['Alarms', 'Targets of the proxies', 'Secrets out of sight']),
    );
  });

  it.each<[what: string, fault: Fault, differences: Record<string, string>]>([
    [
      'a method without a key',
      (reply, { host, path }) => {
        if (host === GATEWAY && path === '/items') reply.status = 200;
      },
      {
        'GET /items at API Gateway without a key': '200 The API key is missing or wrong.',
        'GET /items at API Gateway with a wrong key': '200 The API key is missing or wrong.',
        'HEAD /items at API Gateway without a key': '200',
      },
    ],
    [
      'an additional method',
      (reply, { host, method }) => {
        if (host === API && method === 'DELETE') reply.status = 200;
      },
      { 'DELETE /items': '200' },
    ],
    [
      'accepted bad input',
      (reply, { query }) => {
        if (query.get('limit') === '1001') Object.assign(reply, { status: 200, body: '{"items":[]}' });
      },
      { 'GET /items?limit=1001': '200', 'GET /func1?limit=1001': '200' },
    ],
    [
      'a caller’s own key that takes effect',
      (reply, { host, headers }) => {
        if (host === API && headers['x-api-key'] !== undefined) reply.status = 403;
      },
      { 'HEAD /items with the caller’s own key': '403' },
    ],
    [
      'a cached error',
      (reply, { path }) => {
        if (path === '/no-such-route') reply.headers['x-request-id'] = 'the request of another caller';
      },
      {
        'GET /no-such-route twice':
          'CloudFront answered the second request with the cached answer to the first, 404 There is no such route.',
      },
    ],
    [
      'a missing security header',
      (reply, { path }) => {
        if (path === '/no-such-route') delete reply.headers['x-content-type-options'];
      },
      { 'answer of /no-such-route': 'no x-content-type-options' },
    ],
    [
      'a cacheable answer',
      (reply, { path }) => {
        if (path === '/items') reply.headers['cache-control'] = 'max-age=60';
      },
      { 'answer of /items': 'cache-control: max-age=60' },
    ],
    [
      'HEAD without a method of its own',
      (reply, { host, method, path }) => {
        if (host === API && method === 'HEAD' && path === '/auth-matrix') reply.status = 404;
      },
      { 'HEAD /auth-matrix': '404 without a body' },
    ],
    [
      'an answer over plain HTTP',
      (reply) => {
        if (reply.status === 301) Object.assign(reply, { status: 200, headers: {} });
      },
      {
        'GET /items without TLS': '200 to undefined',
        'GET /func1 without TLS': '200 to undefined',
        'GET /auth-matrix without TLS': '200 to undefined',
        'GET / without TLS': '200 to undefined',
      },
    ],
    [
      'a row that is missing between pages',
      (reply, { path, query }) => {
        if (path === '/items' && query.get('cursor') === '2') reply.body = '{"items":[{"id":4}],"next":null}';
      },
      {
        'GET /items page by page':
          'by 2 at a time 3 rows in 2 pages, to the end, at once 4 rows in 1 pages, to the end',
      },
    ],
    [
      'a row that appears twice',
      (reply, { path, query }) => {
        if (path === '/items' && query.get('cursor') === '2')
          reply.body = '{"items":[{"id":1,"name":"item 1"}],"next":null}';
      },
      {
        'GET /items page by page':
          'by 2 at a time 3 rows in 2 pages, to the end, at once 4 rows in 1 pages, to the end, some twice',
      },
    ],
    [
      'a next page that stores a row',
      (reply, { path, query }) => {
        if (path === '/func1' && query.has('cursor'))
          reply.body = reply.body.replace('"recorded":null', '"recorded":"x"');
      },
      { 'GET /func1 page by page': 'page 2 stored a row' },
    ],
    [
      'a time that is not stored',
      (reply, { path }) => {
        if (path === '/func1') reply.body = reply.body.replace('"recorded":"2026', '"recorded":"2027');
      },
      {
        'GET /func1?limit=1 stores the time': 'stored 2027-01-08T00:00:00.000Z, newest 2026-01-08T00:00:00.000Z',
      },
    ],
    [
      'a login that is refused by mistake',
      (reply, { path }) => {
        if (path !== '/auth-matrix' || reply.status !== 200) return;
        reply.body = reply.body.replace('"observed":"o","reason":null', '"observed":"x","reason":"the user is locked"');
        reply.body = reply.body.replace('"agrees":true', '"agrees":false');
      },
      {
        'login by IAM at instance over TLS': 'is refused: the user is locked',
        'GET /auth-matrix': 'does not agree',
      },
    ],
    [
      'users of the database that are not declared',
      (reply, { path }) => {
        if (path === '/' && reply.status === 200) reply.body = '{"users":["analyst","bob","mysql.sys","rdsfoo"]}';
      },
      { 'users of the database': 'bob, rdsfoo too' },
    ],
  ])('notices %s', async (_what, fault, differences) => {
    expect(await seen(fault)).toEqual(differences);
  });

  it('says why a route fails, and does not check what depends on it', async () => {
    const rows = await standIn.differing((reply, { host, method, path, query }) => {
      if (host !== API || path !== '/items' || method !== 'GET' || query.size > 0 || reply.status !== 200) return;
      Object.assign(reply, { status: 502, body: '{"error":"The database refused the login of this service."}' });
    });
    expect(rows.map(({ what, outcome }) => [what, outcome])).toEqual([
      ['GET /items', 'different'],
      ['HEAD /items', 'not checked'],
      ['GET /items page by page', 'not checked'],
      ['answer of /items', 'not checked'],
      ['HEAD /items, median of 5', 'not checked'],
    ]);
    expect(rows[0]?.seen).toBe(
      '502 The database refused the login of this service. Reason: the user is granted nothing',
    );
  });

  it('reports that the WAF blocks the caller', async () => {
    const { 'GET /items': items } = await seen((reply, { host }) => {
      if (host === API) Object.assign(reply, { status: 403, headers: {}, body: '<html>Request blocked.</html>' });
    });
    expect(items).toBe(
      '403 from CloudFront: the method is not allowed, or AWS WAF blocks this address; is it in edge.allowlist?',
    );
  });

  it('waits and retries after too many requests', async () => {
    let count = 0;
    const rows = await standIn.differing((reply, { path, method }) => {
      if (path === '/items' && method === 'GET' && (count += 1) === 1) {
        Object.assign(reply, { status: 429, headers: { ...reply.headers, 'retry-after': '1' } });
      }
    });
    expect(rows).toEqual([]);
  });

  it('reports that no answer arrives', async () => {
    const { addresses } = standIn.deployment().reach;
    const reach = { ...standIn.deployment().reach, addresses: { ...addresses, [`${GATEWAY}:443`]: '127.0.0.1:1' } };
    const rows = await standIn.differing(() => undefined, { reach });
    expect(rows.find(({ what }) => what === 'GET /items at API Gateway without a key')?.seen).toBe(
      'no answer: connect ECONNREFUSED 127.0.0.1:1',
    );
  });
});
