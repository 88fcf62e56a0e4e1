import { standInForAllTests } from '../../support/deployment-stand-in';

const standIn = standInForAllTests();

describe('the check of error caching', () => {
  it('reports an error that CloudFront serves from its cache', async () => {
    const seen = await standIn().unexpectedResults((reply, { path }) => {
      // Two answers with the same request id show that the second one comes from the cache.
      if (path === '/no-such-route') reply.headers['x-request-id'] = 'the request of another caller';
    });
    expect(seen).toEqual({
      'GET /no-such-route twice':
        'CloudFront answered the second request with the cached answer to the first request: 404 There is no such route.',
    });
  });

  it('reports errors whose minimum TTL in the distribution is not 0', async () => {
    const Items = [
      { ErrorCode: 503, ErrorCachingMinTTL: 60 },
      ...[404, 414, 500, 501].map((ErrorCode) => ({ ErrorCode, ErrorCachingMinTTL: 0 })),
    ];
    const distribution = () => Promise.resolve({ DistributionConfig: { CustomErrorResponses: { Items } } } as never);
    // CloudFront caches an error for 10 s if the distribution has no TTL for it.
    expect(await standIn().unexpectedInAws({ distribution })).toEqual([
      ['minimum TTL of errors in the distribution', '10 s for 502, 60 s for 503, 10 s for 504'],
    ]);
  });
});
