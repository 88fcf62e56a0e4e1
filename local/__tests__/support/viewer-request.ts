import type { ViewerRequest } from '../../edge/viewer-request';
import { CLOUDFRONT_HOST } from './http-state';

/** A viewer's GET over HTTPS, without headers. */
export const viewerRequest = (change: Partial<ViewerRequest> = {}): ViewerRequest => ({
  id: 'the-request-id==',
  receivedAt: Date.parse('2026-01-31T12:00:00Z'),
  address: '203.0.113.1',
  scheme: 'https',
  method: 'GET',
  url: '/items?limit=5',
  path: '/items',
  query: 'limit=5',
  protocol: 'HTTP/1.1',
  host: CLOUDFRONT_HOST,
  headers: [],
  ...change,
});
