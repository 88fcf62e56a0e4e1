import { allFeatures, synthesise } from '../../support/stack';

const stack = synthesise(allFeatures);
const distribution = stack.one('aws_cloudfront_distribution');

describe('the distribution', () => {
  it('redirects to HTTPS, allows GET and HEAD, caches nothing, forwards every header but Host, and adds security headers', () => {
    expect(distribution.default_cache_behavior).toMatchObject({
      viewer_protocol_policy: 'redirect-to-https',
      allowed_methods: ['GET', 'HEAD'],
      // The managed policies CachingDisabled, AllViewerExceptHostHeader and SecurityHeadersPolicy.
      cache_policy_id: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
      origin_request_policy_id: 'b689b0a8-53d0-40ab-baf2-68738e2966ac',
      response_headers_policy_id: '67f7725c-6f97-4210-82d7-5512b31e9d03',
    });
  });

  it('serves callers on every continent from a location near them', () => {
    expect(distribution.price_class).toBe('PriceClass_All');
  });

  it('caches no errors: every error that CloudFront caches by default has a minimum TTL of 0', () => {
    expect(distribution.custom_error_response).toEqual(
      [404, 414, 500, 501, 502, 503, 504].map((error_code) => ({ error_code, error_caching_min_ttl: 0 })),
    );
  });

  it('connects to the stage of the API over TLS only, and sends the API key', () => {
    expect(distribution.origin).toEqual([
      expect.objectContaining({
        domain_name: `\${${stack.addressOf('aws_api_gateway_rest_api')}.id}.execute-api.eu-central-1.amazonaws.com`,
        origin_path: `/\${${stack.addressOf('aws_api_gateway_stage')}.stage_name}`,
        custom_header: [{ name: 'x-api-key', value: `\${${stack.addressOf('aws_api_gateway_api_key')}.value}` }],
        custom_origin_config: expect.objectContaining({
          origin_protocol_policy: 'https-only',
          origin_ssl_protocols: ['TLSv1.2'],
        }) as unknown,
      }),
    ]);
  });
});
