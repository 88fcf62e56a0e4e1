import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Wafv2WebAcl } from '@cdktf/provider-aws/lib/wafv2-web-acl';
import { Wafv2WebAclLoggingConfiguration } from '@cdktf/provider-aws/lib/wafv2-web-acl-logging-configuration';
import { Construct } from 'constructs';
import { KEY_HEADER } from './distribution';

export interface WebAclProps {
  readonly name: string;
  /** ARNs of the IP sets that may pass. */
  readonly allowedSets: readonly string[];
  /** Days. */
  readonly logRetentionDays: number;
  /** Provider of us-east-1. */
  readonly global: AwsProvider;
}

/** AWS WAF takes log groups with no other beginning. */
const LOG_GROUP_PREFIX = 'aws-waf-logs-';

/** The gate: whoever is in no IP set is blocked. */
export class WebAcl extends Construct {
  readonly arn: string;
  /** Name of the ACL, and of its metrics. */
  readonly name: string;

  constructor(scope: Construct, id: string, props: WebAclProps) {
    super(scope, id);
    const metrics = { cloudwatchMetricsEnabled: true, sampledRequestsEnabled: true };
    const acl = new Wafv2WebAcl(this, 'acl', {
      provider: props.global,
      name: props.name,
      description: 'Lets the offices in, and nobody else',
      scope: 'CLOUDFRONT',
      // SECURITY: CloudFront sends the key for whoever passes here.
      defaultAction: { block: {} },
      rule: [
        {
          name: 'offices',
          priority: 1,
          action: { allow: {} },
          statement: {
            or_statement: {
              statement: props.allowedSets.map((arn) => ({ ip_set_reference_statement: { arn } })),
            },
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
      name: `${LOG_GROUP_PREFIX}${name}`,
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
