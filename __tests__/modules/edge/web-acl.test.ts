import { everything, synthesise } from '../../support/stack';

const stack = synthesise(everything);

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
