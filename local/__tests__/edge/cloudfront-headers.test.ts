import { cloudFrontHeaders, withSecurityHeaders } from '../../edge/cloudfront-headers';

describe('CloudFront’s own response headers', () => {
  it('name the cache result, the CloudFront server, the point of presence and the request id', () => {
    expect(cloudFrontHeaders('the-request-id==', 'Miss')).toEqual([
      ['x-cache', 'Miss from cloudfront'],
      ['via', expect.stringMatching(/^1\.1 [0-9a-f]{32}\.cloudfront\.net \(CloudFront\)$/)],
      ['x-amz-cf-pop', expect.any(String)],
      ['x-amz-cf-id', 'the-request-id=='],
    ]);
  });
});

describe('the managed SecurityHeadersPolicy', () => {
  it('adds its five headers to the origin’s', () => {
    expect(withSecurityHeaders([['Content-Type', 'application/json']])).toEqual([
      ['Content-Type', 'application/json'],
      ['referrer-policy', 'strict-origin-when-cross-origin'],
      ['strict-transport-security', 'max-age=31536000'],
      ['x-content-type-options', 'nosniff'],
      ['x-frame-options', 'SAMEORIGIN'],
      ['x-xss-protection', '1; mode=block'],
    ]);
  });

  it.each([
    ['keeps', 'Referrer-Policy', 'the origin’s'],
    ['keeps', 'Strict-Transport-Security', 'the origin’s'],
    ['keeps', 'X-Frame-Options', 'the origin’s'],
    ['keeps', 'X-XSS-Protection', 'the origin’s'],
    ['overrides', 'X-Content-Type-Options', 'nosniff'],
  ])('%s the origin’s own %s', (_verb, name, expected) => {
    const values = withSecurityHeaders([[name, 'the origin’s']])
      .filter(([candidate]) => candidate.toLowerCase() === name.toLowerCase())
      .map(([, value]) => value);
    expect(values).toEqual([expected]);
  });
});
