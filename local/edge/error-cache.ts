import { headerOf, type Header } from '../http/headers';

/** A cached error response. */
export interface CachedError {
  readonly status: number;
  readonly headers: readonly Header[];
  readonly body: Buffer | string;
}

/** Seconds, if the distribution sets no minimum. */
const DEFAULT_TTL = 10;

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HTTPStatusCodes.html#HTTPStatusCodes-cached-errors */
const CACHED_STATUSES = new Set([404, 414, 500, 501, 502, 503, 504]);

/** Statuses whose `no-store` CloudFront obeys. It ignores the origin's `no-store` for every other status. */
const OBEYS_NO_STORE = new Set([404, 414, 501]);

/**
 * Caches error responses of the origin, and failures to reach it, as CloudFront does.
 *
 * CloudFront caches other statuses only with a `max-age`. This cache never does: the only supported cache policy,
 * Managed-CachingDisabled, has a maximum TTL of 0. AWS's pages disagree whether that policy also disables error
 * caching, so this cache assumes that it does not.
 *
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/custom-error-pages-expiration.html
 */
export class ErrorCache {
  private readonly entries = new Map<string, { readonly error: CachedError; readonly until: number }>();

  /** @param minimumTtls the distribution's error caching minimum TTLs, seconds, by status */
  constructor(private readonly minimumTtls: ReadonlyMap<number, number>) {}

  /** Whether CloudFront caches a response with this status and these headers. */
  caches(status: number, headers: readonly Header[]): boolean {
    if (!CACHED_STATUSES.has(status) || this.ttlOf(status) === 0) return false;
    const control = headerOf(headers, 'cache-control') ?? '';
    return !(OBEYS_NO_STORE.has(status) && /\b(no-store|no-cache|private)\b/i.test(control));
  }

  /** @param now milliseconds */
  put(key: string, error: CachedError, now: number): void {
    this.entries.set(key, { error, until: now + this.ttlOf(error.status) * 1000 });
  }

  /** @param now milliseconds */
  get(key: string, now: number): CachedError | undefined {
    const entry = this.entries.get(key);
    if (entry === undefined || now < entry.until) return entry?.error;
    this.entries.delete(key);
    return undefined;
  }

  private ttlOf(status: number): number {
    return this.minimumTtls.get(status) ?? DEFAULT_TTL;
  }
}
