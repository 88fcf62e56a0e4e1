import { TokenBucket } from '../../../local/api-gateway/token-bucket';

describe('a token bucket', () => {
  it('lets a burst through, and then the rate', () => {
    const bucket = new TokenBucket(10, 2);
    const take = (...times: number[]): boolean[] => times.map((ms) => bucket.take(1_000_000 + ms));
    expect(take(0, 0, 0)).toEqual([true, true, false]);
    expect(take(50, 100, 150)).toEqual([false, true, false]);
  });

  it('holds no more than the burst, however long it rests', () => {
    const bucket = new TokenBucket(10, 2);
    const later = 1_000_000_000;
    expect([0, later, later, later].map((ms) => bucket.take(ms))).toEqual([true, true, true, false]);
  });
});
