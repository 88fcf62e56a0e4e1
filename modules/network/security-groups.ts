import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { VpcSecurityGroupEgressRule } from '@cdktf/provider-aws/lib/vpc-security-group-egress-rule';
import { VpcSecurityGroupIngressRule } from '@cdktf/provider-aws/lib/vpc-security-group-ingress-rule';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { connectionsBetween, type AllowedConnection, type NetworkRole } from './allowed-connections';

export interface SecurityGroupsProps {
  readonly name: string;
  readonly vpcId: string;
  readonly roles: readonly NetworkRole[];
  /** CIDR blocks outside the VPC that may reach the database. */
  readonly publicCidrs: readonly string[];
}

/** One security group for each role, with rules for the allowed connections. */
export class SecurityGroups extends Construct {
  /** All rules. Resources that open a connection during the deployment depend on them. */
  readonly rules: ITerraformDependable[];

  private readonly groups: ReadonlyMap<NetworkRole, SecurityGroup>;

  constructor(scope: Construct, id: string, props: SecurityGroupsProps) {
    super(scope, id);
    this.groups = new Map(
      props.roles.map((role) => [
        role,
        new SecurityGroup(this, role, {
          name: `${props.name}-${role}`,
          description: `The ${role} of ${props.name}`,
          vpcId: props.vpcId,
          tags: { Name: `${props.name}-${role}` },
        }),
      ]),
    );
    this.rules = connectionsBetween(props.roles, props.publicCidrs).flatMap((connection) => this.open(connection));
  }

  /** Returns the security group of a role. @throws Error if the role is not deployed */
  of(role: NetworkRole): SecurityGroup {
    const group = this.groups.get(role);
    if (group === undefined) throw new Error(`${role} has no security group: it is not among the deployed roles`);
    return group;
  }

  /** Adds an egress rule to the group of the source and an ingress rule to that of the target. A CIDR block has no group and gets no rule. */
  private open({ from, to, port, reason }: AllowedConnection): ITerraformDependable[] {
    const common = { ipProtocol: 'tcp', fromPort: port, toPort: port, description: reason };
    const rules: ITerraformDependable[] = [];
    if (typeof from === 'string') {
      const egress = { securityGroupId: this.of(from).id, ...this.peer(to), ...common };
      rules.push(new VpcSecurityGroupEgressRule(this, `${from}-to-${labelOf(to)}`, egress));
    }
    if (typeof to === 'string') {
      const ingress = { securityGroupId: this.of(to).id, ...this.peer(from), ...common };
      rules.push(new VpcSecurityGroupIngressRule(this, `${to}-from-${labelOf(from)}`, ingress));
    }
    return rules;
  }

  private peer(end: AllowedConnection['from']): { referencedSecurityGroupId: string } | { cidrIpv4: string } {
    return typeof end === 'string' ? { referencedSecurityGroupId: this.of(end).id } : { cidrIpv4: end.cidr };
  }
}

/** Returns the role or the CIDR block as part of a construct id, which cannot contain a slash. */
const labelOf = (end: AllowedConnection['from']): string =>
  typeof end === 'string' ? end : end.cidr.replace('/', '-');
