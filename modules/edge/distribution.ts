import { CloudfrontDistribution } from '@cdktf/provider-aws/lib/cloudfront-distribution';
import { Construct } from 'constructs';
import type { RestApi } from '../api/rest-api';

export interface DistributionProps {
  readonly name: string;
  readonly api: RestApi;
  readonly webAclArn: string;
  /** The own name and its certificate. @default - the name and the certificate of CloudFront */
  readonly alias?: { readonly domainName: string; readonly certificateArn: string };
}

/** The header of API Gateway's keys. What a viewer sends under this name is replaced. */
export const KEY_HEADER = 'x-api-key';

/**
 * CloudFront's managed policies, by their ids.
 *
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
 */
const CACHING_DISABLED = '4135ea2d-6df8-44a3-9df3-4b5a84be39ad';
/** API Gateway answers 403 to a Host that is not its own. */
const ALL_VIEWER_EXCEPT_HOST_HEADER = 'b689b0a8-53d0-40ab-baf2-68738e2966ac';
const SECURITY_HEADERS = '67f7725c-6f97-4210-82d7-5512b31e9d03';

/**
 * CloudFront keeps these errors of an origin for 10 s, and ignores `no-store` for most of them: one caller's 503 would be
 * every caller's. AWS's pages disagree whether Managed-CachingDisabled prevents it; a minimum TTL of 0 does.
 *
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HTTPStatusCodes.html#HTTPStatusCodes-cached-errors
 */
const CACHED_ERRORS = [404, 414, 500, 501, 502, 503, 504];

/** CloudFront in front of the API: nothing is cached, nothing travels without TLS, and the key is added here. */
export class Distribution extends Construct {
  readonly distributionId: string;
  readonly domainName: string;
  /** For alias records. */
  readonly hostedZoneId: string;

  constructor(scope: Construct, id: string, { name, api, webAclArn, alias }: DistributionProps) {
    super(scope, id);
    const distribution = new CloudfrontDistribution(this, 'distribution', {
      enabled: true,
      comment: name,
      httpVersion: 'http2and3',
      // The web ACL has a set for IPv6 too; a viewer who is not in it is blocked there.
      isIpv6Enabled: true,
      priceClass: 'PriceClass_100',
      webAclId: webAclArn,
      origin: [
        {
          originId: 'api',
          domainName: api.domainName,
          originPath: `/${api.stageName}`,
          customHeader: [{ name: KEY_HEADER, value: api.keys.newest }],
          customOriginConfig: {
            httpPort: 80,
            httpsPort: 443,
            originProtocolPolicy: 'https-only',
            originSslProtocols: ['TLSv1.2'],
          },
        },
      ],
      defaultCacheBehavior: {
        targetOriginId: 'api',
        allowedMethods: ['GET', 'HEAD'],
        cachedMethods: ['GET', 'HEAD'],
        viewerProtocolPolicy: 'redirect-to-https',
        cachePolicyId: CACHING_DISABLED,
        originRequestPolicyId: ALL_VIEWER_EXCEPT_HOST_HEADER,
        responseHeadersPolicyId: SECURITY_HEADERS,
      },
      customErrorResponse: CACHED_ERRORS.map((errorCode) => ({ errorCode, errorCachingMinTtl: 0 })),
      restrictions: { geoRestriction: { restrictionType: 'none' } },
      ...(alias && { aliases: [alias.domainName] }),
      viewerCertificate: alias
        ? {
            acmCertificateArn: alias.certificateArn,
            sslSupportMethod: 'sni-only',
            minimumProtocolVersion: 'TLSv1.2_2021',
          }
        : { cloudfrontDefaultCertificate: true },
      // The key must be valid before CloudFront begins to send it, or requests fail while it changes over.
      dependsOn: api.keys.ready,
    });
    this.distributionId = distribution.id;
    this.domainName = distribution.domainName;
    this.hostedZoneId = distribution.hostedZoneId;
  }
}
