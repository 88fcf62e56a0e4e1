import { customResponse, errorPage, redirect } from '../../edge/cloudfront-response';

const ID = 'the-request-id==';

describe('CloudFront’s error page', () => {
  const { status, headers, body } = errorPage(403, 'Request blocked.', ID);

  it('has status, reason and request id', () => {
    expect(status).toBe(403);
    expect(body.toString()).toContain('<H1>403 ERROR</H1>');
    expect(body.toString()).toContain('\nRequest blocked.\n');
    expect(body.toString()).toContain(`Request ID: ${ID}`);
  });

  it('has CloudFront’s headers and the length of its HTML', () => {
    expect(Object.fromEntries(headers)).toMatchObject({
      server: 'CloudFront',
      'content-type': 'text/html',
      'content-length': String(body.length),
      'x-cache': 'Error from cloudfront',
      'x-amz-cf-id': ID,
    });
  });
});

describe('the custom response of a WAF rule', () => {
  it('has the rule’s status, headers and body, and the length of the body in bytes', () => {
    const custom = { status: 429, headers: [['Retry-After', '60']] as const, body: Buffer.from('{"error":"größer"}') };
    const { status, headers, body } = customResponse(custom, ID);
    expect([status, body]).toEqual([429, custom.body]);
    expect(Object.fromEntries(headers)).toMatchObject({
      server: 'CloudFront',
      'content-length': '20',
      'Retry-After': '60',
      'x-cache': 'Error from cloudfront',
      'x-amz-cf-id': ID,
    });
  });
});

describe('a redirect', () => {
  const location = 'https://d111111abcdef8.cloudfront.net/items?limit=5';

  it.each([
    ['GET', 301],
    ['HEAD', 301],
    ['POST', 307],
    ['DELETE', 307],
  ])('of a %s request has the status %i, so viewers keep the method', (method, status) => {
    expect(redirect(location, method, ID).status).toBe(status);
  });

  it('has the new URL', () => {
    const { headers, body } = redirect(location, 'GET', ID);
    expect(Object.fromEntries(headers)).toMatchObject({
      server: 'CloudFront',
      location,
      'content-length': String(body.length),
      'x-cache': 'Redirect from cloudfront',
    });
    expect(body.toString()).toContain('<h1>301 Moved Permanently</h1>');
  });
});
