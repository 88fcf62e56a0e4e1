import { standInForFile } from '../support/deployment-stand-in';

const standIn = standInForFile();

describe('the caller', () => {
  it('waits and retries after too many requests', async () => {
    let count = 0;
    const rows = await standIn().differing((reply, { path, method }) => {
      if (path === '/items' && method === 'GET' && (count += 1) === 1) {
        Object.assign(reply, { status: 429, headers: { ...reply.headers, 'retry-after': '1' } });
      }
    });
    expect(rows).toEqual([]);
  });
});
