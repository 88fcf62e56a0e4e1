import { standInForAllTests } from '../../support/deployment-stand-in';

const standIn = standInForAllTests();

describe('the check of headers', () => {
  it('reports a missing security header, and a cacheable answer', async () => {
    const seen = await standIn().unexpectedResults((reply, { path }) => {
      if (path === '/no-such-route') delete reply.headers['x-content-type-options'];
      if (path === '/items') reply.headers['cache-control'] = 'max-age=60';
    });
    expect(seen).toEqual({
      'answer of /items': 'cache-control: max-age=60',
      'answer of /no-such-route': 'no x-content-type-options',
    });
  });
});
