import { endToEndHeaders, extendedHeader, headerOf, type Header } from '../http/headers';
import { VIA } from './cloudfront-headers';
import type { Distribution, Forwards, Origin } from './distribution';
import type { Scheme, ViewerRequest } from './viewer-request';

export interface OriginRequest {
  readonly scheme: Scheme;
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: readonly Header[];
}

/** Headers that are never copied from the viewer: CloudFront removes them, or {@link originRequest} sets them itself. */
const NOT_COPIED = new Set([
  'expect',
  'host',
  'via',
  'x-amz-cf-id',
  'x-forwarded-for',
  'x-forwarded-proto',
  'x-real-ip',
]);

/**
 * Makes the origin request from a viewer request.
 *
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html
 */
export function originRequest({ origin, forwards }: Distribution, request: ViewerRequest): OriginRequest {
  const customHeaders = origin.custom_header.map(({ name, value }) => [name, value] as const);
  const isChunked = headerOf(request.headers, 'transfer-encoding') !== undefined;
  return {
    scheme: schemeFor(origin.origin_protocol_policy, request.scheme),
    method: request.method,
    path: origin.origin_path + (forwards === 'nothing' ? request.path : request.url),
    headers: [
      ['Host', forwards === 'all' ? request.host : origin.domain_name],
      ...forwardedHeaders(customHeaders, forwards, request.headers),
      ...(isChunked ? [['Transfer-Encoding', 'chunked'] as const] : []),
      ['Via', extendedHeader(request.headers, 'via', VIA)],
      ['X-Forwarded-For', extendedHeader(request.headers, 'x-forwarded-for', request.address)],
      ['X-Amz-Cf-Id', request.id],
      ...customHeaders,
    ],
  };
}

function schemeFor(policy: Origin['origin_protocol_policy'], viewerScheme: Scheme): Scheme {
  if (policy === 'match-viewer') return viewerScheme;
  return policy === 'http-only' ? 'http' : 'https';
}

/**
 * Returns the viewer's headers to forward, and adds CloudFront's User-Agent if the origin would get none. SECURITY: drops a viewer's
 * header if the origin has a custom header of that name, so no viewer can send its own API key.
 */
function forwardedHeaders(customHeaders: readonly Header[], forwards: Forwards, headers: readonly Header[]): Header[] {
  const custom = new Set(customHeaders.map(([name]) => name.toLowerCase()));
  const forwarded = endToEndHeaders(headers).filter(([sent]) => {
    const name = sent.toLowerCase();
    if (custom.has(name) || NOT_COPIED.has(name) || name.startsWith('x-edge-')) return false;
    // A body needs its length, even if no other header is forwarded.
    return forwards !== 'nothing' || name === 'content-length';
  });
  const hasUserAgent = headerOf(forwarded, 'user-agent') !== undefined || custom.has('user-agent');
  return hasUserAgent ? forwarded : [...forwarded, ['User-Agent', 'Amazon CloudFront']];
}
