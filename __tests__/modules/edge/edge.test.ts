import { customDomain, allFeatures, synthesise } from '../../support/stack';

const stack = synthesise(allFeatures);
const withDomain = synthesise(customDomain);

describe('the edge', () => {
  it('outputs the URL of CloudFront, or that of the custom domain if there is one', () => {
    expect(stack.json['output']).toMatchObject({
      api_url: { value: `https://\${${stack.addressOf('aws_cloudfront_distribution')}.domain_name}` },
    });
    expect(withDomain.json['output']).toMatchObject({ api_url: { value: 'https://api.example.com' } });
  });

  it('protects the distribution with the web ACL', () => {
    expect(stack.one('aws_cloudfront_distribution').web_acl_id).toBe(`\${${stack.addressOf('aws_wafv2_web_acl')}.arn}`);
  });

  it('creates the IP sets of the offices and their web ACL in us-east-1', () => {
    const { provider } = stack.json as { provider: { aws: { alias?: string; region: string }[] } };
    expect(provider.aws.find(({ alias }) => alias === 'global')?.region).toBe('us-east-1');
    for (const type of ['aws_wafv2_ip_set', 'aws_wafv2_web_acl']) {
      for (const resource of Object.values(stack.all(type))) expect(resource.provider).toBe('aws.global');
    }
    const rules = JSON.stringify(stack.one('aws_wafv2_web_acl').rule);
    for (const version of ['ipv4', 'ipv6']) {
      expect(rules).toContain(`\${${stack.addressOf('aws_wafv2_ip_set', version)}.arn}`);
    }
  });
});
