import { TokenBucket } from '../../api-gateway/token-bucket';

describe('a token bucket', () => {
  it('allows a burst, and then the rate', () => {
    const bucket = new TokenBucket(10, 2);
    const take = (...times: number[]): boolean[] => times.map((ms) => bucket.take(1_000_000 + ms));
    expect(take(0, 0, 0)).toEqual([true, true, false]);
    expect(take(50, 100, 150)).toEqual([false, true, false]);
  });

  it('never holds more tokens than the burst', () => {
    const bucket = new TokenBucket(10, 2);
    const later = 1_000_000_000;
    expect([0, later, later, later].map((ms) => bucket.take(ms))).toEqual([true, true, true, false]);
  });
});
