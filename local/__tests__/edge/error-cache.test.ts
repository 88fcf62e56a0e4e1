import { ErrorCache } from '../../edge/error-cache';

/** Caches a response. @returns whether it is still cached this number of seconds later */
function isCached(
  status: number,
  headers: Readonly<Record<string, string>>,
  seconds: number,
  ttls: ReadonlyMap<number, number> = new Map(),
): boolean {
  const cache = new ErrorCache(ttls);
  cache.put('/items', { status, headers: Object.entries(headers), body: Buffer.alloc(0) }, 0);
  return cache.get('/items', seconds * 1000) !== undefined;
}

describe('the error cache', () => {
  it('keeps an error for 10 seconds by default', () => {
    expect([9.9, 10].map((seconds) => isCached(503, {}, seconds))).toEqual([true, false]);
  });

  it('keeps an error for the minimum TTL of its status, and does not cache it if that TTL is 0', () => {
    const ttls = new Map([
      [502, 30],
      [503, 0],
    ]);
    expect([29.9, 30].map((seconds) => isCached(502, {}, seconds, ttls))).toEqual([true, false]);
    expect(isCached(503, {}, 0, ttls)).toBe(false);
  });

  it('does not return an error for another key', () => {
    const cache = new ErrorCache(new Map());
    cache.put('/items', { status: 503, headers: [], body: Buffer.alloc(0) }, 0);
    expect(cache.get('/func1', 0)).toBeUndefined();
  });

  // CloudFront obeys no-store and private for 404 and 501, but not for 500. It caches 403 and 429 only with a
  // max-age, which these responses lack.
  it.each([
    [404, { 'cache-control': 'no-store' }, false],
    [404, {}, true],
    [501, { 'cache-control': 'private' }, false],
    [500, { 'cache-control': 'no-store' }, true],
    [403, {}, false],
    [429, {}, false],
    [200, {}, false],
  ])('caches the status %i with the headers %j: %s', (status, headers, expected) => {
    expect(isCached(status, headers, 0)).toBe(expected);
  });
});
