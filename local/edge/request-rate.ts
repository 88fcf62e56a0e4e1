/** The evaluation window is divided into this many parts. Each part has its own count, so old requests expire part by part. */
const PARTS = 20;

/** AWS WAF rate-limits at most this number of addresses at a time. */
const MAX_ADDRESSES = 10_000;

interface Counts {
  /** Index of the newest part, counted from the epoch. */
  part: number;
  /** Ring buffer of requests per part: a new part takes the place of the oldest. */
  readonly counts: number[];
}

/**
 * Counts each address's requests within the last window, blocked ones included. The count is always up to date; AWS WAF
 * usually lags by up to 30 seconds.
 *
 * https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-rate-based-caveats.html
 */
export class RequestRate {
  private readonly addresses = new Map<string, Counts>();
  private readonly partMs: number;

  constructor(windowSeconds: number) {
    this.partMs = (windowSeconds * 1000) / PARTS;
  }

  /** Counts one request. @param now milliseconds. @returns the requests within the window, this one included */
  count(address: string, now: number): number {
    const part = Math.floor(now / this.partMs);
    const known = this.addresses.get(address) ?? { part, counts: Array.from({ length: PARTS }, () => 0) };
    // Moves the address to the end of the map, so the first address is the one that was counted least recently.
    this.addresses.delete(address);
    if (this.addresses.size >= MAX_ADDRESSES) {
      const [oldest = ''] = this.addresses.keys();
      this.addresses.delete(oldest);
    }
    this.addresses.set(address, known);
    const { counts } = known;
    // Resets the count of every part that began after the address's previous request.
    for (let passed = Math.max(known.part + 1, part - PARTS + 1); passed <= part; passed += 1)
      counts[passed % PARTS] = 0;
    known.part = Math.max(known.part, part);
    counts[part % PARTS] = (counts[part % PARTS] ?? 0) + 1;
    return counts.reduce((sum, requests) => sum + requests, 0);
  }
}
