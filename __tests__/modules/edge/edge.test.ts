import { everything, synthesise } from '../../support/stack';

const stack = synthesise(everything);
const distribution = stack.one('aws_cloudfront_distribution');

const withDomain = synthesise({
  ...everything,
  edge: {
    ...everything.edge,
    customDomain: { enabled: true, domainName: 'api.example.com', hostedZoneId: 'Z0123456789ABCDEFGHIJ' },
  },
});

describe('the distribution', () => {
  it('caches nothing, forwards everything but the host, and adds security headers', () => {
    expect(distribution.default_cache_behavior).toMatchObject({
      viewer_protocol_policy: 'redirect-to-https',
      allowed_methods: ['GET', 'HEAD'],
      cache_policy_id: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
      origin_request_policy_id: 'b689b0a8-53d0-40ab-baf2-68738e2966ac',
      response_headers_policy_id: '67f7725c-6f97-4210-82d7-5512b31e9d03',
    });
  });

  it('caches no errors: each that CloudFront would cache has a minimum TTL of 0', () => {
    expect(distribution.custom_error_response).toEqual(
      [404, 414, 500, 501, 502, 503, 504].map((error_code) => ({ error_code, error_caching_min_ttl: 0 })),
    );
  });

  it('connects to the stage of the API over TLS only, with the key', () => {
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

  it('uses the web ACL', () => {
    expect(distribution.web_acl_id).toBe(`\${${stack.addressOf('aws_wafv2_web_acl')}.arn}`);
  });
});

describe('the web ACL', () => {
  it('blocks addresses outside the offices’ IP sets', () => {
    const acl = stack.one('aws_wafv2_web_acl') as { rule: object[] };
    expect(acl).toMatchObject({ scope: 'CLOUDFRONT', default_action: { block: {} } });
    expect(acl.rule.slice(1)).toEqual([
      expect.objectContaining({
        priority: 1,
        action: { allow: {} },
        statement: {
          or_statement: {
            statement: ['ipv4', 'ipv6'].map((version) => ({
              ip_set_reference_statement: { arn: `\${${stack.addressOf('aws_wafv2_ip_set', version)}.arn}` },
            })),
          },
        },
      }),
    ]);
  });

  it('applies the rate limit before the office rule, and answers 429 in JSON', () => {
    const { rule, custom_response_body } = stack.one('aws_wafv2_web_acl');
    expect(rule[0]).toMatchObject({
      priority: 0,
      statement: { rate_based_statement: { limit: 1100, evaluation_window_sec: 60, aggregate_key_type: 'IP' } },
      action: {
        block: {
          custom_response: {
            response_code: 429,
            custom_response_body_key: custom_response_body[0].key,
            response_header: expect.arrayContaining([{ name: 'Retry-After', value: '60' }]),
          },
        },
      },
    });
    expect(JSON.parse(custom_response_body[0].content)).toHaveProperty('error');
  });

  it('logs requests without the key', () => {
    expect(stack.one('aws_wafv2_web_acl_logging_configuration').redacted_fields).toEqual([
      { single_header: { name: 'x-api-key' } },
    ]);
    expect(stack.one('aws_cloudwatch_log_group', 'web-acl')).toMatchObject({
      name: 'aws-waf-logs-login-matrix-test',
      retention_in_days: 30,
    });
  });

  it('is in us-east-1 with all its resources', () => {
    const { provider } = stack.json as { provider: { aws: { alias?: string; region: string }[] } };
    expect(provider.aws.find(({ alias }) => alias === 'global')?.region).toBe('us-east-1');
    for (const type of ['aws_wafv2_ip_set', 'aws_wafv2_web_acl', 'aws_wafv2_web_acl_logging_configuration']) {
      for (const resource of Object.values(stack.all(type))) expect(resource.provider).toBe('aws.global');
    }
  });
});

describe('the offices', () => {
  it('are variables whose defaults are the settings', () => {
    expect(stack.json['variable']).toMatchObject({
      office_ipv4_cidrs: { type: 'list(string)', default: ['203.0.113.0/24'], nullable: false },
      office_ipv6_cidrs: { type: 'list(string)', default: ['2001:db8:1::/48'], nullable: false },
    });
    expect(stack.one('aws_wafv2_ip_set', 'ipv4')).toMatchObject({
      ip_address_version: 'IPV4',
      addresses: '${var.office_ipv4_cidrs}',
    });
    expect(stack.one('aws_wafv2_ip_set', 'ipv6')).toMatchObject({
      ip_address_version: 'IPV6',
      addresses: '${var.office_ipv6_cidrs}',
    });
  });
});

describe('a custom domain', () => {
  it('has a certificate in us-east-1, validated by DNS, and TLS 1.2 or newer', () => {
    expect(withDomain.one('aws_acm_certificate')).toMatchObject({
      domain_name: 'api.example.com',
      validation_method: 'DNS',
      provider: 'aws.global',
    });
    expect(withDomain.one('aws_cloudfront_distribution')).toMatchObject({
      aliases: ['api.example.com'],
      viewer_certificate: {
        acm_certificate_arn: `\${${withDomain.addressOf('aws_acm_certificate_validation')}.certificate_arn}`,
        minimum_protocol_version: 'TLSv1.2_2021',
        ssl_support_method: 'sni-only',
      },
    });
  });

  it('points to the distribution over IPv4 and IPv6', () => {
    const records = Object.values(withDomain.all('aws_route53_record')).filter(({ alias }) => alias !== undefined);
    expect(records.map(({ name, type, zone_id }) => [name, type, zone_id])).toEqual([
      ['api.example.com', 'A', 'Z0123456789ABCDEFGHIJ'],
      ['api.example.com', 'AAAA', 'Z0123456789ABCDEFGHIJ'],
    ]);
  });

  it('is the URL for callers', () => {
    expect(withDomain.json['output']).toMatchObject({ api_url: { value: 'https://api.example.com' } });
    expect(stack.json['output']).toMatchObject({
      api_url: { value: `https://\${${stack.addressOf('aws_cloudfront_distribution')}.domain_name}` },
    });
  });
});
