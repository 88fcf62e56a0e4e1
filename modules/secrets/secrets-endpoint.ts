import type { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { VpcEndpoint } from '@cdktf/provider-aws/lib/vpc-endpoint';
import { Construct } from 'constructs';
import { arnPart } from '../iam/connect';
import { policyDocument, type Statement } from '../iam/service-role';
import { ROTATION_ACTIONS, type UserSecret } from './user-secret';
import type { Network } from '../network/network';

export interface SecretsEndpointProps {
  readonly name: string;
  readonly region: string;
  readonly network: Network;
  /** Whether it has an address in every zone. Otherwise only in the first, which is reachable from the others. */
  readonly inEveryZone: boolean;
  readonly securityGroup: SecurityGroup;
  /** Secrets that are rotated through this endpoint. */
  readonly rotated: readonly UserSecret[];
}

/** The only route from the private subnets to Secrets Manager. */
export class SecretsEndpoint extends Construct {
  /** Resources that read a secret during the deployment depend on it. */
  readonly endpoint: VpcEndpoint;

  constructor(scope: Construct, id: string, props: SecretsEndpointProps) {
    super(scope, id);
    const { private: all } = props.network.subnets;
    const subnets = props.inEveryZone ? all : all.slice(0, 1);
    this.endpoint = new VpcEndpoint(this, 'endpoint', {
      vpcId: props.network.vpcId,
      serviceName: `com.amazonaws.${props.region}.secretsmanager`,
      vpcEndpointType: 'Interface',
      privateDnsEnabled: true,
      subnetIds: subnets.map(({ id: subnetId }) => subnetId),
      securityGroupIds: [props.securityGroup.id],
      policy: policyDocument('UseSecrets', statements(props)),
      tags: { Name: `${props.name}-secretsmanager` },
    });
  }
}

/**
 * SECURITY: limits what any caller may do through the endpoint, the only way out of the private subnets. Other secrets are
 * refused, also those of other accounts. Callers also need an IAM policy that allows it.
 */
function statements({ name, region, securityGroup, rotated }: SecretsEndpointProps): Statement[] {
  const prefix = `arn:aws:secretsmanager:${region}:${arnPart(securityGroup.arn, 'account')}:secret:`;
  // Reading is allowed by name pattern, because a function keeps reading the secret of a renamed user until its own update.
  // RDS names the secrets of master users.
  const resources = [`${prefix}${name}/*`, `${prefix}rds!db-*`];
  const read = { actions: ['secretsmanager:GetSecretValue'], resources, principals: '*' } as const;
  if (rotated.length === 0) return [read];
  const actions = ROTATION_ACTIONS.map((action) => `secretsmanager:${action}`);
  return [
    read,
    { actions, resources: rotated.map(({ arn }) => arn), principals: '*' },
    { actions: ['secretsmanager:GetRandomPassword'], resources: ['*'], principals: '*' },
  ];
}
