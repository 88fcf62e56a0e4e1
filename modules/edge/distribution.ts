import { CloudfrontDistribution } from '@cdktf/provider-aws/lib/cloudfront-distribution';
import { Construct } from 'constructs';
import { KEY_HEADER } from '../../contract/api';
import type { RestApi } from '../api/rest-api';

export interface DistributionProps {
  readonly name: string;
  readonly api: RestApi;
  readonly webAclArn: string;
  /** Custom domain and its certificate. @default - CloudFront's own name and certificate */
  readonly alias?: { readonly domainName: string; readonly certificateArn: string };
}

// Ids of CloudFront's managed policies.

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html */
const CACHING_DISABLED = '4135ea2d-6df8-44a3-9df3-4b5a84be39ad';

/**
 * Omits the viewer's Host header: API Gateway answers 403 to a foreign Host.
 *
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-origin-request-policies.html
 */
const ALL_VIEWER_EXCEPT_HOST_HEADER = 'b689b0a8-53d0-40ab-baf2-68738e2966ac';

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-response-headers-policies.html */
const SECURITY_HEADERS = '67f7725c-6f97-4210-82d7-5512b31e9d03';

/**
 * By default CloudFront caches these origin errors for 10 s, most of them even with `no-store`. All callers would then get one
 * caller's 503. A minimum TTL of 0 prevents this. AWS's pages disagree whether Managed-CachingDisabled alone prevents it.
 *
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HTTPStatusCodes.html#HTTPStatusCodes-cached-errors
 */
const CACHED_ERRORS = [404, 414, 500, 501, 502, 503, 504];

/** CloudFront in front of the API: it caches nothing, requires TLS and adds the API key. */
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
      // The allowed offices may have IPv6 addresses. The web ACL blocks every IPv6 address that is not in its IP set.
      isIpv6Enabled: true,
      // The other price classes exclude some continents: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/PriceClass.html
      priceClass: 'PriceClass_All',
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
      // The key must be valid before CloudFront sends it. Otherwise requests fail during the update.
      dependsOn: api.keys.ready,
    });
    this.distributionId = distribution.id;
    this.domainName = distribution.domainName;
    this.hostedZoneId = distribution.hostedZoneId;
  }
}
