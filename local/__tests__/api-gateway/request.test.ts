import { splitUrl } from '../../api-gateway/request';

describe('a URL', () => {
  it.each([
    ['/live/items?limit=5', { stageName: 'live', fullPath: '/live/items', path: '/items', query: 'limit=5' }],
    ['/live', { stageName: 'live', fullPath: '/live', path: '/', query: '' }],
    ['/live/items?next=a?b', { stageName: 'live', fullPath: '/live/items', path: '/items', query: 'next=a?b' }],
    ['/', { stageName: '', fullPath: '/', path: '/', query: '' }],
  ])('is split into stage, path and query: %s', (url, parts) => {
    expect(splitUrl(url)).toEqual(parts);
  });
});
