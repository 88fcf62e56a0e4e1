import type { IncomingMessage } from 'node:http';
import { readViewerRequest, type ViewerRequest } from '../../edge/viewer-request';

const incoming = {
  method: 'POST',
  url: '/items?limit=5',
  httpVersion: '1.1',
  headers: { host: 'api.example.com', 'x-forwarded-for': '192.0.2.1' },
  rawHeaders: ['Host', 'api.example.com', 'X-Forwarded-For', '192.0.2.1'],
};

const read = (change: object = {}): ViewerRequest =>
  readViewerRequest({ ...incoming, ...change } as unknown as IncomingMessage, 'https', '203.0.113.1');

describe('a viewer’s request', () => {
  it('has the viewer’s method, URL and headers, with the header names unchanged', () => {
    expect(read()).toMatchObject({
      scheme: 'https',
      method: 'POST',
      url: '/items?limit=5',
      path: '/items',
      query: 'limit=5',
      protocol: 'HTTP/1.1',
      host: 'api.example.com',
      headers: [
        ['Host', 'api.example.com'],
        ['X-Forwarded-For', '192.0.2.1'],
      ],
    });
  });

  it('has the given address, whatever its headers say', () => {
    expect(read().address).toBe('203.0.113.1');
  });

  it.each([
    ['/items', '/items', ''],
    ['/items?', '/items', ''],
    ['/items?a=1?b&c', '/items', 'a=1?b&c'],
    ['/?a', '/', 'a'],
  ])('to %s has the path %s and the query %j', (url, path, query) => {
    expect(read({ url })).toMatchObject({ path, query });
  });

  it('has a request id of its own', () => {
    const [first, second] = [read().id, read().id];
    expect(first).toMatch(/^[\w-]{54}==$/);
    expect(second).not.toBe(first);
  });
});
