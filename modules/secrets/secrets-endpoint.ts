import type { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { VpcEndpoint } from '@cdktf/provider-aws/lib/vpc-endpoint';
import { Construct } from 'constructs';
import { arnPart } from '../iam/connect';
import { policyDocument, type Statement } from '../iam/service-role';
import { ROTATION_ACTIONS } from './user-secret';
import type { Network } from '../network/network';

export interface SecretsEndpointProps {
  readonly name: string;
  readonly region: string;
  readonly network: Network;
  /** Whether the endpoint has an address in every zone. Otherwise it has one in the first zone, which is reachable from the others. */
  readonly inEveryZone: boolean;
  readonly securityGroup: SecurityGroup;
}

/** The only route from the private subnets to Secrets Manager. */
export class SecretsEndpoint extends Construct {
  /** Resources that read a secret during the deployment depend on this endpoint. */
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
 * SECURITY: limits what any caller may do through the endpoint. Secrets Manager is the only AWS API that the private subnets
 * can reach. The policy allows only secrets of this environment, those of master users in this account, and random passwords.
 * Callers also need an IAM policy that allows the call.
 *
 * The policy names a prefix instead of each secret, because a changed policy takes effect only after some minutes. With a list, the
 * rotation of a new secret would fail until then. A list would also lack the old secret of a renamed user, which functions may still
 * read.
 */
function statements({ name, region, securityGroup }: SecretsEndpointProps): Statement[] {
  const prefix = `arn:aws:secretsmanager:${region}:${arnPart(securityGroup.arn, 'account')}:secret:`;
  return [
    { actions: ROTATION_ACTIONS, resources: [`${prefix}${name}/*`], principals: '*' },
    // RDS chooses the names of master users' secrets: they do not begin with the environment's name.
    { actions: ['secretsmanager:GetSecretValue'], resources: [`${prefix}rds!db-*`], principals: '*' },
    { actions: ['secretsmanager:GetRandomPassword'], resources: ['*'], principals: '*' },
  ];
}
