/** Limits requests to a rate, and allows a burst while the bucket holds tokens. */
export class TokenBucket {
  private tokens: number;
  private filledAt = 0;

  /**
   * @param rate requests per second
   * @param burst capacity of the bucket, requests
   */
  constructor(
    private readonly rate: number,
    private readonly burst: number,
  ) {
    this.tokens = burst;
  }

  /** Takes a token. @param now milliseconds. @returns false if the bucket holds less than one */
  take(now: number): boolean {
    const seconds = Math.max(0, now - this.filledAt) / 1000;
    this.tokens = Math.min(this.burst, this.tokens + seconds * this.rate);
    this.filledAt = now;
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }
}
