import { cloudFrontHeaders, withSecurityHeaders } from '../../edge/cloudfront-headers';

describe('the headers of every response of CloudFront', () => {
  it('have the outcome, the server, the point of presence and the id of the request', () => {
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

  it.each(['Referrer-Policy', 'Strict-Transport-Security', 'X-Frame-Options', 'X-XSS-Protection'])(
    'keeps the origin’s own %s',
    (name) => {
      const values = withSecurityHeaders([[name, 'the origin’s']])
        .filter(([candidate]) => candidate.toLowerCase() === name.toLowerCase())
        .map(([, value]) => value);
      expect(values).toEqual(['the origin’s']);
    },
  );

  it('overrides the origin’s X-Content-Type-Options', () => {
    const values = withSecurityHeaders([['X-Content-Type-Options', 'sniff']])
      .filter(([name]) => name.toLowerCase() === 'x-content-type-options')
      .map(([, value]) => value);
    expect(values).toEqual(['nosniff']);
  });
});
