/** Lets requests through at a rate, and bursts as far as the bucket is full. */
export class TokenBucket {
  private tokens: number;
  private filledAt = 0;

  /**
   * @param rate requests a second
   * @param burst requests at once
   */
  constructor(
    private readonly rate: number,
    private readonly burst: number,
  ) {
    this.tokens = burst;
  }

  /** Takes a token, if there is one. @param now milliseconds */
  take(now: number): boolean {
    const seconds = Math.max(0, now - this.filledAt) / 1000;
    this.tokens = Math.min(this.burst, this.tokens + seconds * this.rate);
    this.filledAt = now;
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }
}
