import {
  CreateDistributionCommand,
  DeleteDistributionCommand,
  type DistributionConfig,
} from '@aws-sdk/client-cloudfront';
import type { AwsClient } from '../../support/aws-client';
import { makeHostedZone, type Scenarios } from './resources';

const SCOPE = { Scope: 'CLOUDFRONT' };
const VISIBILITY = { SampledRequestsEnabled: false, CloudWatchMetricsEnabled: false, MetricName: 'one' };
const TOO_MANY_BLOCKS = Array.from({ length: 10_001 }, (_, index) => `10.${index >> 8}.${index & 255}.0/24`);

/** A web ACL or an IP set. */
interface WafResource {
  readonly Id: string;
  readonly Name: string;
  readonly ARN: string;
  readonly LockToken: string;
}

async function makeIpSet(aws: AwsClient, more: object = {}): Promise<WafResource> {
  const ipSet = { ...SCOPE, Name: aws.newName(), IPAddressVersion: 'IPV4', Addresses: [], ...more };
  return (await aws.json('wafv2', 'CreateIPSet', ipSet)).Summary as WafResource;
}

async function makeAcl(aws: AwsClient, more: object = {}): Promise<WafResource> {
  const acl = { ...SCOPE, Name: aws.newName(), DefaultAction: { Block: {} }, VisibilityConfig: VISIBILITY, ...more };
  return (await aws.json('wafv2', 'CreateWebACL', acl)).Summary as WafResource;
}

const deleteWafResource = (aws: AwsClient, action: string, { Id, Name, LockToken }: WafResource): Promise<unknown> =>
  aws.json('wafv2', action, { ...SCOPE, Id, Name, LockToken });

/** Makes a distribution with one origin. @returns its id */
async function makeDistribution(aws: AwsClient, more: Partial<DistributionConfig> = {}): Promise<string> {
  const config: DistributionConfig = {
    CallerReference: aws.newName(),
    Comment: '',
    Enabled: true,
    Origins: { Quantity: 1, Items: [{ Id: 'api', DomainName: 'api.example.com' }] },
    DefaultCacheBehavior: {
      TargetOriginId: 'api',
      ViewerProtocolPolicy: 'https-only',
      // The id of AWS's managed policy CachingDisabled.
      CachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
    },
    ...more,
  };
  const { Distribution } = await aws.cloudFront.send(new CreateDistributionCommand({ DistributionConfig: config }));
  return Distribution?.Id ?? '';
}

/** Writes a request that creates an A record for api.example.com. @param identifier makes it a weighted record */
export const createRecordXml = (value: string, identifier?: string): string => {
  const routing = identifier === undefined ? '' : `<SetIdentifier>${identifier}</SetIdentifier><Weight>1</Weight>`;
  return `<ChangeResourceRecordSetsRequest xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><ChangeBatch><Changes><Change><Action>CREATE</Action><ResourceRecordSet><Name>api.example.com.</Name><Type>A</Type>${routing}<TTL>60</TTL><ResourceRecords><ResourceRecord><Value>${value}</Value></ResourceRecord></ResourceRecords></ResourceRecordSet></Change></Changes></ChangeBatch></ChangeResourceRecordSetsRequest>`;
};

/** Scenarios that each end with a request that AWS refuses. The keys are those of `local/moto/refusals/table.json`. */
export const edge: Scenarios = {
  'wafv2:CreateIPSet, the name exists': async (aws) => makeIpSet(aws, { Name: (await makeIpSet(aws)).Name }),
  'wafv2:CreateIPSet, the IP set has more than 10,000 blocks': async (aws) =>
    makeIpSet(aws, { Addresses: TOO_MANY_BLOCKS }),
  'wafv2:UpdateIPSet, the IP set has more than 10,000 blocks': async (aws) => {
    const { Id, Name, LockToken } = await makeIpSet(aws);
    return aws.json('wafv2', 'UpdateIPSet', { ...SCOPE, Id, Name, LockToken, Addresses: TOO_MANY_BLOCKS });
  },
  'wafv2:CreateWebACL, the name exists': async (aws) => makeAcl(aws, { Name: (await makeAcl(aws)).Name }),
  'wafv2:DeleteIPSet, a web ACL uses it': async (aws) => {
    const ipSet = await makeIpSet(aws);
    const Statement = { IPSetReferenceStatement: { ARN: ipSet.ARN } };
    const Rules = [{ Name: 'one', Priority: 0, Statement, Action: { Allow: {} }, VisibilityConfig: VISIBILITY }];
    await makeAcl(aws, { Rules });
    return deleteWafResource(aws, 'DeleteIPSet', ipSet);
  },
  'wafv2:DeleteWebACL, a distribution uses it': async (aws) => {
    const acl = await makeAcl(aws);
    await makeDistribution(aws, { WebACLId: acl.ARN });
    return deleteWafResource(aws, 'DeleteWebACL', acl);
  },
  'cloudfront:CreateDistribution, another distribution has the alias': async (aws) => {
    const Aliases = { Quantity: 1, Items: ['twice.example.com'] };
    await makeDistribution(aws, { Aliases });
    return makeDistribution(aws, { Aliases });
  },
  'cloudfront:DeleteDistribution, the distribution is enabled': async (aws) =>
    aws.cloudFront.send(new DeleteDistributionCommand({ Id: await makeDistribution(aws), IfMatch: 'any' })),
  'acm:DeleteCertificate, a distribution uses it': async (aws) => {
    const certificate = { DomainName: 'api.example.com', ValidationMethod: 'DNS' };
    const { CertificateArn } = await aws.json('acm', 'RequestCertificate', certificate);
    const ViewerCertificate = { ACMCertificateArn: CertificateArn as string, SSLSupportMethod: 'sni-only' as const };
    await makeDistribution(aws, { ViewerCertificate });
    return aws.json('acm', 'DeleteCertificate', { CertificateArn });
  },
  'route53:ChangeResourceRecordSets, the record exists': async (aws) => {
    const id = await makeHostedZone(aws);
    await aws.route53(`hostedzone/${id}/rrset`, createRecordXml('198.51.100.1'));
    return aws.route53(`hostedzone/${id}/rrset`, createRecordXml('198.51.100.2'));
  },
};
