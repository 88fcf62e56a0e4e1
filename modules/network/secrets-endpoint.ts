import type { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { VpcEndpoint } from '@cdktf/provider-aws/lib/vpc-endpoint';
import { Construct } from 'constructs';
import { policyDocument } from '../iam/service-role';
import type { Network } from './network';

export interface SecretsEndpointProps {
  readonly name: string;
  readonly region: string;
  readonly network: Network;
  readonly securityGroup: SecurityGroup;
}

/** The way from the private subnets to Secrets Manager, which they have no other. */
export class SecretsEndpoint extends Construct {
  /** What reads a secret during the deployment waits for it. */
  readonly endpoint: VpcEndpoint;

  constructor(scope: Construct, id: string, props: SecretsEndpointProps) {
    super(scope, id);
    this.endpoint = new VpcEndpoint(this, 'endpoint', {
      vpcId: props.network.vpcId,
      serviceName: `com.amazonaws.${props.region}.secretsmanager`,
      vpcEndpointType: 'Interface',
      privateDnsEnabled: true,
      subnetIds: props.network.subnets.private.map(({ id: subnetId }) => subnetId),
      securityGroupIds: [props.securityGroup.id],
      policy: policyDocument('ReadSecrets', [
        { actions: ['secretsmanager:GetSecretValue'], resources: ['*'], principals: '*' },
      ]),
      tags: { Name: `${props.name}-secretsmanager` },
    });
  }
}
