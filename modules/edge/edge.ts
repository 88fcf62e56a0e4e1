import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Construct } from 'constructs';
import type { RestApi } from '../api/rest-api';
import type { Settings } from '../settings/settings';
import { CustomDomain } from './custom-domain';
import { Distribution } from './distribution';
import { OfficeAddresses } from './office-addresses';
import { WebAcl } from './web-acl';

export interface EdgeProps {
  readonly name: string;
  readonly api: RestApi;
  readonly allowlist: Settings['edge']['allowlist'];
  readonly rateLimit: Settings['edge']['rateLimit'];
  readonly customDomain: Settings['edge']['customDomain'];
  /** Days. */
  readonly logRetentionDays: number;
  /** Provider of us-east-1, where everything of CloudFront lives. */
  readonly global: AwsProvider;
}

/** What colleagues meet: a gate that knows the offices, and CloudFront, which knows the key. */
export class Edge extends Construct {
  /** Where colleagues call. */
  readonly url: string;
  /** Name that CloudFront gave. */
  readonly domainName: string;
  /** Id of the distribution. */
  readonly distributionId: string;
  /** Name of the web ACL in metrics. */
  readonly webAclName: string;

  constructor(scope: Construct, id: string, props: EdgeProps) {
    super(scope, id);
    const { name, api, allowlist, rateLimit, customDomain, logRetentionDays, global } = props;
    const offices = new OfficeAddresses(this, 'offices', { name, allowlist, global });
    const webAcl = new WebAcl(this, 'web-acl', {
      name,
      allowedSets: offices.setArns,
      rateLimit,
      logRetentionDays,
      global,
    });
    const domain = customDomain.enabled ? new CustomDomain(this, 'domain', { ...customDomain, global }) : undefined;
    const distribution = new Distribution(this, 'cdn', {
      name,
      api,
      webAclArn: webAcl.arn,
      ...(domain && { alias: domain }),
    });
    domain?.pointTo(distribution);

    this.url = `https://${domain?.domainName ?? distribution.domainName}`;
    this.domainName = distribution.domainName;
    this.distributionId = distribution.distributionId;
    this.webAclName = webAcl.name;
  }
}
