import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { WebAcl } from '../../../modules/edge/web-acl';
import { synthesiseAlone } from '../../support/synthesised-stack';

const stack = synthesiseAlone((scope) => {
  new WebAcl(scope, 'web-acl', {
    name: 'login-matrix-test',
    ipSetArns: ['arn:of:ipv4', 'arn:of:ipv6'],
    rateLimit: { requests: 1100, windowSeconds: 60 },
    logRetentionDays: 30,
    global: new AwsProvider(scope, 'aws-global', { alias: 'global', region: 'us-east-1' }),
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
            statement: ['arn:of:ipv4', 'arn:of:ipv6'].map((arn) => ({ ip_set_reference_statement: { arn } })),
          },
        },
      }),
    ]);
  });

  it('applies the rate limit before the office rule, and answers 429 in JSON with Retry-After', () => {
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
    expect(custom_response_body[0].content_type).toBe('APPLICATION_JSON');
    expect(JSON.parse(custom_response_body[0].content)).toHaveProperty('error');
  });

  it('keeps its log for the configured days, without the API key', () => {
    expect(stack.one('aws_wafv2_web_acl_logging_configuration').redacted_fields).toEqual([
      { single_header: { name: 'x-api-key' } },
    ]);
    expect(stack.one('aws_cloudwatch_log_group', 'web-acl')).toMatchObject({
      name: 'aws-waf-logs-login-matrix-test',
      retention_in_days: 30,
    });
  });

  it('is in us-east-1, like its log group and its logging configuration', () => {
    for (const type of ['aws_wafv2_web_acl', 'aws_wafv2_web_acl_logging_configuration', 'aws_cloudwatch_log_group']) {
      expect(stack.one(type).provider).toBe('aws.global');
    }
  });
});
