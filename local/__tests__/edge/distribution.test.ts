import { readDistribution } from '../../edge/distribution';
import {
  API_HOST,
  appliedOf,
  ARNS,
  CLOUDFRONT_HOST,
  origin,
  type Resources,
  withBehavior,
  withDistribution,
} from '../support/http-state';

const read = (resources: Resources) => readDistribution(appliedOf(resources));

const OWN_CERTIFICATE = { cloudfront_default_certificate: false, minimum_protocol_version: 'TLSv1.2_2021' };

describe('a distribution', () => {
  it('has the values of the applied resource, and the origin that its behavior names', () => {
    const other = { ...origin(), origin_id: 'other', domain_name: 'other.example.com' };
    expect(read(withDistribution({ origin: [other, origin()] }))).toMatchObject({
      domainName: CLOUDFRONT_HOST,
      aliases: [],
      isIpv6Enabled: true,
      webAclArn: ARNS.webAcl,
      viewerProtocolPolicy: 'redirect-to-https',
      allowedMethods: ['GET', 'HEAD'],
      addsSecurityHeaders: true,
      origin: { domain_name: API_HOST, origin_path: '/live', https_port: 443 },
    });
  });

  it.each([
    ['no origin request policy', 'nothing', ''],
    ['AllViewer', 'all', '216adef6-5c7f-47e4-b989-5492eafa07d3'],
    ['AllViewerExceptHostHeader', 'all except host', 'b689b0a8-53d0-40ab-baf2-68738e2966ac'],
  ])('with %s forwards %s', (_policy, forwards, origin_request_policy_id) => {
    expect(read(withBehavior({ origin_request_policy_id })).forwards).toBe(forwards);
  });

  it.each([
    ['no viewer_certificate', 'TLSv1', []],
    ['CloudFront’s default certificate', 'TLSv1', [{ ...OWN_CERTIFICATE, cloudfront_default_certificate: true }]],
    ['its own certificate', 'TLSv1.2', [OWN_CERTIFICATE]],
  ])('with %s accepts %s and newer versions', (_certificate, minimumTls, viewer_certificate) => {
    expect(read(withDistribution({ viewer_certificate })).minimumTls).toBe(minimumTls);
  });

  it('has the error_caching_min_ttl of each custom error response', () => {
    const custom_error_response = [
      { error_code: 503, error_caching_min_ttl: 0, response_code: 0, response_page_path: '' },
      { error_code: 502, error_caching_min_ttl: 30, response_code: null, response_page_path: null },
    ];
    expect([...read(withDistribution({ custom_error_response })).errorTtls]).toEqual([
      [503, 0],
      [502, 30],
    ]);
  });
});

describe('a deployment', () => {
  /** Id of the managed cache policy CachingOptimized. The local CloudFront rejects it in every policy attribute. */
  const policy = '658327ea-f89d-4fab-a63d-7e88639e58f6';
  const errorPage = { error_code: 404, response_code: 200, response_page_path: '/index.html' };
  const bucket = { ...origin(), custom_origin_config: [] };

  it.each<[deployment: string, resources: Resources, reason: RegExp]>([
    ['no distribution', {}, /No aws_cloudfront_distribution is applied/],
    ['a disabled distribution', withDistribution({ enabled: false }), /enabled = false/],
    ['a policy that caches', withBehavior({ cache_policy_id: policy }), /cache_policy_id.*Managed-CachingDisabled/],
    [
      'an unsupported origin request policy',
      withBehavior({ origin_request_policy_id: policy }),
      /origin_request_policy_id/,
    ],
    [
      'an unsupported response headers policy',
      withBehavior({ response_headers_policy_id: policy }),
      /response_headers_policy_id/,
    ],
    ['an origin group', withBehavior({ target_origin_id: 'group' }), /^target_origin_id 'group' is not supported/],
    ['several behaviors', withDistribution({ ordered_cache_behavior: [{}] }), /ordered_cache_behavior/],
    ['custom error pages', withDistribution({ custom_error_response: [errorPage] }), /custom_error_response/],
    ['a bucket as origin', withDistribution({ origin: [bucket] }), /custom_origin_config/],
  ])('with %s is rejected', (_deployment, resources, reason) => {
    expect(() => read(resources)).toThrow(reason);
  });
});
