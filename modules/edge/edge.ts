import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Construct } from 'constructs';
import type { RestApi } from '../api/rest-api';
import type { Settings } from '../settings/settings';
import { CustomDomain } from './custom-domain';
import { Distribution } from './distribution';
import { OfficeAddresses } from './office-addresses';
import { WebAcl } from './web-acl';

export interface EdgeProps extends Readonly<Settings['edge']> {
  readonly name: string;
  readonly api: RestApi;
  readonly logRetentionDays: number;
  /** Provider of us-east-1, the region of CloudFront's resources. */
  readonly global: AwsProvider;
}

/** Public entry of the API: a web ACL that allows the offices, and CloudFront, which adds the API key. */
export class Edge extends Construct {
  /** URL for callers. */
  readonly url: string;
  /** Domain name that CloudFront gives the distribution, also if it has a custom domain. */
  readonly domainName: string;
  readonly distributionId: string;
  /** Name of the web ACL in metrics. */
  readonly webAclName: string;

  constructor(scope: Construct, id: string, props: EdgeProps) {
    super(scope, id);
    const { name, api, allowlist, rateLimit, customDomain, logRetentionDays, global } = props;
    const { ipSetArns } = new OfficeAddresses(this, 'offices', { name, allowlist, global });
    const webAcl = new WebAcl(this, 'web-acl', { name, ipSetArns, rateLimit, logRetentionDays, global });
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
