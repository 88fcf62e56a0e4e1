import { SecretCache } from '../../../rds/proxy/secret-cache';

let now: number;
let version: number;
let cache: SecretCache;

beforeEach(() => {
  [now, version] = [0, 1];
  jest.spyOn(Date, 'now').mockImplementation(() => now);
  cache = new SecretCache((arn) => Promise.resolve(`${arn}, version ${version}`));
});

afterEach(() => {
  jest.restoreAllMocks();
});

describe('a proxy’s copy of a secret', () => {
  it('is not reused by default', async () => {
    await cache.read('own');
    version = 2;
    expect(await cache.read('own')).toBe('own, version 2');
  });

  it('is reused until it reaches its maximum age; then the proxy reads the rotated secret', async () => {
    cache.maxAgeSeconds = 5;
    await cache.read('own');
    version = 2;
    now = 4_999;
    expect(await cache.read('own')).toBe('own, version 1');
    expect(await cache.read('other')).toBe('other, version 2');
    now = 5_000;
    expect(await cache.read('own')).toBe('own, version 2');
  });
});
