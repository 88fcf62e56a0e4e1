import { readDistribution } from '../../edge/distribution';
import {
  API_HOST,
  appliedOf,
  ARNS,
  behavior,
  changeValues,
  CLOUDFRONT_HOST,
  edge,
  origin,
  type Resources,
} from '../support/http-state';

const read = (resources: Resources) => readDistribution(appliedOf(resources));

const distribution = (values: object): Resources => changeValues(edge(), 'aws_cloudfront_distribution', values);

const behaving = (values: object): Resources => distribution({ default_cache_behavior: [behavior(values)] });

describe('a distribution', () => {
  it('has the values of the applied resource, and the origin of its behavior', () => {
    const other = { ...origin(), origin_id: 'other', domain_name: 'other.example.com' };
    expect(read(distribution({ origin: [other, origin()] }))).toMatchObject({
      domainName: CLOUDFRONT_HOST,
      aliases: [],
      ipv6: true,
      webAclArn: ARNS.webAcl,
      viewerProtocolPolicy: 'redirect-to-https',
      allowedMethods: ['GET', 'HEAD'],
      securityHeaders: true,
      origin: { domain_name: API_HOST, origin_path: '/live', https_port: 443 },
    });
  });

  it.each([
    ['', 'nothing'],
    ['216adef6-5c7f-47e4-b989-5492eafa07d3', 'all'],
    ['b689b0a8-53d0-40ab-baf2-68738e2966ac', 'all except host'],
  ])('with the origin request policy %j forwards %s', (origin_request_policy_id, forwards) => {
    expect(read(behaving({ origin_request_policy_id })).forwards).toBe(forwards);
  });

  it.each([
    ['no certificate', [], 'TLSv1'],
    [
      'the default certificate',
      [{ cloudfront_default_certificate: true, minimum_protocol_version: 'TLSv1.2_2021' }],
      'TLSv1',
    ],
    [
      'its own certificate',
      [{ cloudfront_default_certificate: false, minimum_protocol_version: 'TLSv1.2_2021' }],
      'TLSv1.2',
    ],
  ])('with %s has a minimum version of TLS: %#', (_what, viewer_certificate, version) => {
    expect(read(distribution({ viewer_certificate })).minimumTls).toBe(version);
  });

  it('has the minimum TTLs of its custom error responses', () => {
    const custom_error_response = [
      { error_code: 503, error_caching_min_ttl: 0, response_code: 0, response_page_path: '' },
      { error_code: 502, error_caching_min_ttl: 30, response_code: null, response_page_path: null },
    ];
    expect([...read(distribution({ custom_error_response })).errorTtls]).toEqual([
      [503, 0],
      [502, 30],
    ]);
  });
});

describe('an unsupported distribution', () => {
  const policy = '658327ea-f89d-4fab-a63d-7e88639e58f6';

  it.each<[what: string, resources: Resources, reason: RegExp]>([
    ['no distribution', {}, /No aws_cloudfront_distribution is applied/],
    ['disabled', changeValues(edge(), 'aws_cloudfront_distribution', { enabled: false }), /enabled false/],
    ['a caching policy', behaving({ cache_policy_id: policy }), /cache_policy_id.*Managed-CachingDisabled/],
    ['another origin request policy', behaving({ origin_request_policy_id: policy }), /origin_request_policy_id/],
    ['another response headers policy', behaving({ response_headers_policy_id: policy }), /response_headers_policy_id/],
    ['an origin group', behaving({ target_origin_id: 'group' }), /target_origin_id/],
    [
      'several behaviors',
      changeValues(edge(), 'aws_cloudfront_distribution', { ordered_cache_behavior: [{}] }),
      /ordered_cache_behavior/,
    ],
    [
      'custom error pages',
      changeValues(edge(), 'aws_cloudfront_distribution', {
        custom_error_response: [{ error_code: 404, response_code: 200, response_page_path: '/index.html' }],
      }),
      /custom_error_response/,
    ],
    [
      'a bucket as origin',
      changeValues(edge(), 'aws_cloudfront_distribution', { origin: [{ ...origin(), custom_origin_config: [] }] }),
      /custom_origin_config/,
    ],
  ])('is rejected: %s', (_what, resources, reason) => {
    expect(() => readDistribution(appliedOf(resources))).toThrow(reason);
  });
});
