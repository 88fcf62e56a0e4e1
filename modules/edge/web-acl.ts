import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Wafv2WebAcl } from '@cdktf/provider-aws/lib/wafv2-web-acl';
import { Wafv2WebAclLoggingConfiguration } from '@cdktf/provider-aws/lib/wafv2-web-acl-logging-configuration';
import { Construct } from 'constructs';
import { KEY_HEADER } from '../../contract/api';

export interface WebAclProps {
  readonly name: string;
  /** ARNs of the allowed IP sets. */
  readonly ipSetArns: readonly string[];
  /** Request limit of each address. */
  readonly rateLimit: { readonly requests: number; readonly windowSeconds: number };
  readonly logRetentionDays: number;
  /** Provider of us-east-1, the region of every web ACL for CloudFront. */
  readonly global: AwsProvider;
}

const THROTTLED = 'throttled';

/** Web ACL that blocks addresses outside the IP sets, and addresses that exceed the rate limit. */
export class WebAcl extends Construct {
  readonly arn: string;
  /** Name of the ACL, and of its metrics. */
  readonly name: string;

  constructor(scope: Construct, id: string, props: WebAclProps) {
    super(scope, id);
    // SECURITY: no samples, because they would show the headers that the log redacts.
    // https://docs.aws.amazon.com/waf/latest/APIReference/API_VisibilityConfig.html
    const metrics = { cloudwatchMetricsEnabled: true, sampledRequestsEnabled: false };
    const acl = new Wafv2WebAcl(this, 'acl', {
      provider: props.global,
      name: props.name,
      description: 'Allows only the offices',
      scope: 'CLOUDFRONT',
      // SECURITY: blocks by default, because CloudFront adds the API key to every request that passes.
      defaultAction: { block: {} },
      customResponseBody: [
        {
          key: THROTTLED,
          contentType: 'APPLICATION_JSON',
          content: JSON.stringify({ error: 'Too many requests from your address. Wait as long as Retry-After says.' }),
        },
      ],
      // The first matching rule decides, so the rate limit precedes the rule that allows the offices.
      rule: [
        {
          name: 'rate-limit',
          priority: 0,
          action: { block: { customResponse: tooManyRequests(props.rateLimit.windowSeconds) } },
          statement: rateBased(props.rateLimit),
          visibilityConfig: { ...metrics, metricName: 'rate-limit' },
        },
        {
          name: 'offices',
          priority: 1,
          action: { allow: {} },
          statement: {
            or_statement: { statement: props.ipSetArns.map((arn) => ({ ip_set_reference_statement: { arn } })) },
          },
          visibilityConfig: { ...metrics, metricName: 'offices' },
        },
      ],
      visibilityConfig: { ...metrics, metricName: props.name },
    });
    this.arn = acl.arn;
    this.name = props.name;
    this.logRequests(props);
  }

  private logRequests({ name, global, logRetentionDays }: WebAclProps): void {
    const logs = new CloudwatchLogGroup(this, 'logs', {
      provider: global,
      // AWS WAF accepts only log groups with this prefix.
      name: `aws-waf-logs-${name}`,
      retentionInDays: logRetentionDays,
    });
    new Wafv2WebAclLoggingConfiguration(this, 'logging', {
      provider: global,
      resourceArn: this.arn,
      logDestinationConfigs: [logs.arn],
      redactedFields: [{ singleHeader: { name: KEY_HEADER } }],
    });
  }
}

/** https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-rate-based-high-level-settings.html */
function rateBased({ requests, windowSeconds }: WebAclProps['rateLimit']): object {
  return {
    rate_based_statement: {
      limit: requests,
      evaluation_window_sec: windowSeconds,
      // SECURITY: counts by the address of the connection, because a caller can forge the address in a header.
      aggregate_key_type: 'IP',
    },
  };
}

/** https://docs.aws.amazon.com/waf/latest/developerguide/customizing-the-response-for-blocked-requests.html */
function tooManyRequests(retryAfterSeconds: number) {
  return {
    responseCode: 429,
    customResponseBodyKey: THROTTLED,
    responseHeader: [
      { name: 'Retry-After', value: String(retryAfterSeconds) },
      { name: 'Cache-Control', value: 'no-store' },
    ],
  };
}
