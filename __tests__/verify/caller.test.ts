import { standInForAllTests } from '../support/deployment-stand-in';

const standIn = standInForAllTests();

describe('the HTTP client of npm run verify', () => {
  it('retries a request that the usage plan throttled', async () => {
    let requests = 0;
    const rows = await standIn().unexpectedRows((reply, { path, method }) => {
      if (path === '/items' && method === 'GET' && (requests += 1) === 1) {
        Object.assign(reply, { status: 429, headers: { ...reply.headers, 'retry-after': '1' } });
      }
    });
    expect(requests).toBeGreaterThan(1);
    expect(rows).toEqual([]);
  });
});
