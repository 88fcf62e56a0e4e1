import { randomBytes } from 'node:crypto';
import type { Header } from '../http/headers';

/** Value of the header `via`: the HTTP version and the name of this CloudFront server. */
export const VIA = `1.1 ${randomBytes(16).toString('hex')}.cloudfront.net (CloudFront)`;

/** Point of presence. The names of real ones begin with an airport code. */
const POP = 'LOCAL-P1';

/** Headers of every response of CloudFront. */
export function cloudFrontHeaders(id: string, outcome: 'Error' | 'Miss' | 'Redirect'): Header[] {
  return [
    ['x-cache', `${outcome} from cloudfront`],
    ['via', VIA],
    ['x-amz-cf-pop', POP],
    ['x-amz-cf-id', id],
  ];
}

/**
 * Headers of the managed SecurityHeadersPolicy. `override` says whether a header replaces the one that the origin sent.
 *
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-response-headers-policies.html
 */
const SECURITY_HEADERS = [
  { name: 'referrer-policy', value: 'strict-origin-when-cross-origin', override: false },
  { name: 'strict-transport-security', value: 'max-age=31536000', override: false },
  { name: 'x-content-type-options', value: 'nosniff', override: true },
  { name: 'x-frame-options', value: 'SAMEORIGIN', override: false },
  { name: 'x-xss-protection', value: '1; mode=block', override: false },
];

/** Adds the headers of the managed SecurityHeadersPolicy to the origin's headers. */
export function withSecurityHeaders(headers: readonly Header[]): Header[] {
  const present = new Set(headers.map(([name]) => name.toLowerCase()));
  const added = SECURITY_HEADERS.filter(({ name, override }) => override || !present.has(name));
  const names = new Set(added.map(({ name }) => name));
  return [
    ...headers.filter(([name]) => !names.has(name.toLowerCase())),
    ...added.map(({ name, value }) => [name, value] as const),
  ];
}
