import { TokenBucket } from '../../api-gateway/token-bucket';

/** Takes a token at each of these times. @returns for each time, whether the bucket had one */
function takeAt(...milliseconds: number[]): boolean[] {
  const bucket = new TokenBucket(10, 2);
  return milliseconds.map((now) => bucket.take(now));
}

describe('a token bucket with 10 tokens per second and a burst of 2', () => {
  it('allows a burst, and then the rate', () => {
    expect(takeAt(0, 0, 0, 50, 100, 150)).toEqual([true, true, false, false, true, false]);
  });

  it('never holds more tokens than the burst', () => {
    const later = 1_000_000_000;
    expect(takeAt(0, later, later, later)).toEqual([true, true, true, false]);
  });
});
