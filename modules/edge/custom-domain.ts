import { AcmCertificate } from '@cdktf/provider-aws/lib/acm-certificate';
import { AcmCertificateValidation } from '@cdktf/provider-aws/lib/acm-certificate-validation';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Route53Record } from '@cdktf/provider-aws/lib/route53-record';
import { Construct } from 'constructs';
import type { Distribution } from './distribution';

export interface CustomDomainProps {
  readonly domainName: string;
  readonly hostedZoneId: string;
  /** Provider of us-east-1, where CloudFront looks for certificates. */
  readonly global: AwsProvider;
}

/** Custom domain: a certificate with DNS validation, and records that point to the distribution. */
export class CustomDomain extends Construct {
  readonly domainName: string;
  /** ARN of the validated certificate. */
  readonly certificateArn: string;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: CustomDomainProps,
  ) {
    super(scope, id);
    this.domainName = props.domainName;
    const certificate = new AcmCertificate(this, 'certificate', {
      provider: props.global,
      domainName: props.domainName,
      validationMethod: 'DNS',
      lifecycle: { createBeforeDestroy: true },
    });
    const validationOption = certificate.domainValidationOptions.get(0);
    const record = new Route53Record(this, 'proof', {
      zoneId: props.hostedZoneId,
      name: validationOption.resourceRecordName,
      type: validationOption.resourceRecordType,
      records: [validationOption.resourceRecordValue],
      // Seconds.
      ttl: 300,
      // A new certificate for the same name needs the record that the old certificate already has.
      allowOverwrite: true,
    });
    this.certificateArn = new AcmCertificateValidation(this, 'validation', {
      provider: props.global,
      certificateArn: certificate.arn,
      validationRecordFqdns: [record.fqdn],
    }).certificateArn;
  }

  /** Points the name to a distribution, over IPv4 and IPv6. */
  pointTo(distribution: Distribution): void {
    for (const type of ['A', 'AAAA']) {
      new Route53Record(this, type.toLowerCase(), {
        zoneId: this.props.hostedZoneId,
        name: this.domainName,
        type,
        alias: { name: distribution.domainName, zoneId: distribution.hostedZoneId, evaluateTargetHealth: false },
      });
    }
  }
}
