import { endToEnd, forwardedFor, headerOf, type Header } from '../http/headers';
import { VIA } from './cloudfront-headers';
import type { Distribution } from './distribution';
import type { Scheme, Viewed } from './viewer';

/** A request for an origin, as CloudFront writes it. */
export interface OriginRequest {
  readonly scheme: Scheme;
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: readonly Header[];
}

/** What CloudFront removes or writes itself, whatever the policy says. */
const NEVER_FORWARDED = new Set([
  'expect',
  'host',
  'via',
  'x-amz-cf-id',
  'x-forwarded-for',
  'x-forwarded-proto',
  'x-real-ip',
]);

/** What a body needs to arrive at all. */
const FRAMING = new Set(['content-length']);

/**
 * Makes the request for the origin of what a viewer sent.
 *
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html
 */
export function originRequest({ origin, forwards }: Distribution, viewed: Viewed): OriginRequest {
  const isChunked = headerOf(viewed.headers, 'transfer-encoding') !== undefined;
  return {
    scheme: schemeFor(origin.protocolPolicy, viewed.scheme),
    method: viewed.method,
    path: origin.path + (forwards === 'nothing' ? viewed.path : viewed.url),
    headers: [
      ['Host', forwards === 'all' ? viewed.host : origin.domainName],
      ...viewersOwn(origin.customHeaders, forwards, viewed.headers),
      ...(isChunked ? [['Transfer-Encoding', 'chunked'] as const] : []),
      ['Via', [...viewed.headers.filter(([name]) => name.toLowerCase() === 'via').map(([, by]) => by), VIA].join(', ')],
      ['X-Forwarded-For', forwardedFor(viewed.headers, viewed.address)],
      ['X-Amz-Cf-Id', viewed.id],
      ...origin.customHeaders,
    ],
  };
}

function schemeFor(policy: Distribution['origin']['protocolPolicy'], viewers: Scheme): Scheme {
  if (policy === 'match-viewer') return viewers;
  return policy === 'http-only' ? 'http' : 'https';
}

/** SECURITY: an origin's custom header takes the viewer's place, so that nobody can send a key of its own. */
function viewersOwn(
  customHeaders: readonly Header[],
  forwards: Distribution['forwards'],
  headers: readonly Header[],
): Header[] {
  const custom = new Set(customHeaders.map(([name]) => name.toLowerCase()));
  const forwarded = endToEnd(headers).filter(([sent]) => {
    const name = sent.toLowerCase();
    if (custom.has(name) || NEVER_FORWARDED.has(name) || name.startsWith('x-edge-')) return false;
    return forwards !== 'nothing' || FRAMING.has(name);
  });
  const hasUserAgent = headerOf(forwarded, 'user-agent') !== undefined || custom.has('user-agent');
  return hasUserAgent ? forwarded : [...forwarded, ['User-Agent', 'Amazon CloudFront']];
}
