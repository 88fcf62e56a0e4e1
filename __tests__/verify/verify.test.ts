import { API_HOST, checkedRows, standInForAllTests } from '../support/deployment-stand-in';

jest.setTimeout(60_000);

const standIn = standInForAllTests();

describe('the verification of a deployment', () => {
  it('finds everything as expected in a correct deployment', async () => {
    const rows = await checkedRows(standIn().deployment());
    expect(rows.filter(({ outcome }) => outcome !== 'as expected')).toEqual([]);
    // The expectation above also holds for an empty list.
    expect(rows.length).toBeGreaterThan(50);
  });

  it('skips the checks that need an API if none is deployed', async () => {
    const { outputs, ...deployment } = standIn().deployment();
    const { deployed } = outputs;
    const rows = await checkedRows({ ...deployment, outputs: { deployed: deployed ?? { value: {} } } });
    expect(new Set(rows.map(({ group }) => group))).toEqual(
      new Set(['Alarms', 'Targets of the proxies', 'Exposed secrets']),
    );
  });

  it('takes the reason why a route fails from the log of its function, and skips the checks that depend on the route', async () => {
    const rows = await standIn().unexpectedRows((reply, { host, method, path, query }) => {
      if (host !== API_HOST || path !== '/items' || method !== 'GET' || query.size > 0 || reply.status !== 200) return;
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
});
