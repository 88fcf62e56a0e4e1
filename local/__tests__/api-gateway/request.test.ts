import { isTooLong, splitUrl } from '../../api-gateway/request';

describe('a URL', () => {
  it.each([
    ['/live/items?limit=5', { stage: 'live', fullPath: '/live/items', path: '/items', query: 'limit=5' }],
    ['/live', { stage: 'live', fullPath: '/live', path: '/', query: '' }],
    ['/live/items?next=a?b', { stage: 'live', fullPath: '/live/items', path: '/items', query: 'next=a?b' }],
    ['/', { stage: '', fullPath: '/', path: '/', query: '' }],
  ])('is split into stage, path and query: %s', (url, parts) => {
    expect(splitUrl(url)).toEqual(parts);
  });
});

describe('a request', () => {
  const request = (valueBytes: number) =>
    ({ method: 'GET', url: '/', httpVersion: '1.1', rawHeaders: ['name', 'x'.repeat(valueBytes)] }) as never;
  const lineBytes = 'GET / HTTP/1.1'.length;

  it('is too long if request line and header values have more than 10,240 bytes; header names do not count', () => {
    expect(isTooLong(request(10_240 - lineBytes))).toBe(false);
    expect(isTooLong(request(10_241 - lineBytes))).toBe(true);
  });
});
