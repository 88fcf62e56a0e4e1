import { customDomain, synthesise } from '../../support/stack';

const withDomain = synthesise(customDomain);

describe('a custom domain', () => {
  it('has a certificate in us-east-1, validated by DNS, and TLS 1.2 or newer', () => {
    expect(withDomain.one('aws_acm_certificate')).toMatchObject({
      domain_name: 'api.example.com',
      validation_method: 'DNS',
      provider: 'aws.global',
    });
    expect(withDomain.one('aws_acm_certificate_validation').validation_record_fqdns).toEqual([
      `\${${withDomain.addressOf('aws_route53_record', 'proof')}.fqdn}`,
    ]);
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
    const distribution = `\${${withDomain.addressOf('aws_cloudfront_distribution')}.domain_name}`;
    expect(records.map(({ name, type, zone_id, alias }) => [name, type, zone_id, alias.name])).toEqual([
      ['api.example.com', 'A', 'Z0123456789ABCDEFGHIJ', distribution],
      ['api.example.com', 'AAAA', 'Z0123456789ABCDEFGHIJ', distribution],
    ]);
  });
});
