import { headerOf, type HttpResponse } from '../http/headers';

/** CloudFront's TTL in seconds for a status without a minimum TTL in the distribution. */
const DEFAULT_TTL = 10;

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HTTPStatusCodes.html#HTTPStatusCodes-cached-errors */
const CACHED_STATUSES = new Set([404, 414, 500, 501, 502, 503, 504]);

/** For these cached statuses CloudFront obeys the origin's `no-store`, `no-cache` and `private`; for the others it ignores them. */
const OBEYS_CACHE_CONTROL = new Set([404, 414, 501]);

/**
 * Caches error responses of the origin, and failures to reach it, as CloudFront does.
 *
 * CloudFront caches error statuses outside `CACHED_STATUSES` only with a `max-age`. This cache never caches them, because the only
 * supported cache policy, Managed-CachingDisabled, has a maximum TTL of 0. AWS's pages disagree whether that policy also disables
 * the caching of `CACHED_STATUSES`. This class assumes that CloudFront still caches these.
 *
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/custom-error-pages-expiration.html
 */
export class ErrorCache {
  private readonly entries = new Map<string, { readonly error: HttpResponse; readonly expiresAt: number }>();

  /** @param minimumTtls the distribution's error caching minimum TTLs, seconds, by status */
  constructor(private readonly minimumTtls: ReadonlyMap<number, number>) {}

  /** Caches an error if its status, headers and minimum TTL allow it. @param now milliseconds */
  put(key: string, error: HttpResponse, now: number): void {
    const { status, headers } = error;
    const ttl = CACHED_STATUSES.has(status) ? (this.minimumTtls.get(status) ?? DEFAULT_TTL) : 0;
    const control = headerOf(headers, 'cache-control') ?? '';
    const forbidsCaching = OBEYS_CACHE_CONTROL.has(status) && /\b(no-store|no-cache|private)\b/i.test(control);
    if (ttl > 0 && !forbidsCaching) this.entries.set(key, { error, expiresAt: now + ttl * 1000 });
  }

  /** Returns the cached error; `undefined` if there is none or it has expired. @param now milliseconds */
  get(key: string, now: number): HttpResponse | undefined {
    const entry = this.entries.get(key);
    if (entry === undefined || now < entry.expiresAt) return entry?.error;
    this.entries.delete(key);
    return undefined;
  }
}
