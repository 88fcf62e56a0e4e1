import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { headersOf, type Header } from '../http/headers';

export type Scheme = 'http' | 'https';

export interface ViewerRequest {
  /** CloudFront's request id, in the header `x-amz-cf-id`. */
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
  /** Public address of the viewer. */
  readonly address: string;
  readonly scheme: Scheme;
  readonly method: string;
  /** Path and query, as the viewer sent them. */
  readonly url: string;
  readonly path: string;
  readonly query: string;
  readonly protocol: string;
  /** The header Host, with its port if it has one. */
  readonly host: string;
  readonly headers: readonly Header[];
}

export function readViewerRequest(incoming: IncomingMessage, scheme: Scheme, address: string): ViewerRequest {
  const url = incoming.url ?? '/';
  const [path = '', ...query] = url.split('?');
  return {
    id: `${randomBytes(40).toString('base64url')}==`,
    receivedAt: Date.now(),
    address,
    scheme,
    method: incoming.method ?? 'GET',
    url,
    path,
    query: query.join('?'),
    protocol: `HTTP/${incoming.httpVersion}`,
    host: incoming.headers.host ?? '',
    headers: headersOf(incoming),
  };
}
