import { standInForAllTests } from '../support/deployment-stand-in';

const standIn = standInForAllTests();

describe('the HTTP client of npm run verify', () => {
  it('retries a request that the usage plan throttled', async () => {
    const statuses: number[] = [];
    const unexpected = await standIn().unexpectedRows((reply, { path, method }) => {
      if (path !== '/items' || method !== 'GET') return;
      const isFirst = statuses.length === 0;
      if (isFirst) Object.assign(reply, { status: 429, headers: { ...reply.headers, 'retry-after': '1' } });
      statuses.push(reply.status);
    });
    expect(statuses.slice(0, 2)).toEqual([429, 200]);
    expect(unexpected).toEqual([]);
  });
});
