import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { VpcSecurityGroupEgressRule } from '@cdktf/provider-aws/lib/vpc-security-group-egress-rule';
import { VpcSecurityGroupIngressRule } from '@cdktf/provider-aws/lib/vpc-security-group-ingress-rule';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { edgesBetween, type Edge, type SecurityRole } from './edges';

export interface SecurityGroupsProps {
  readonly name: string;
  readonly vpcId: string;
  /** The roles that are deployed. */
  readonly roles: readonly SecurityRole[];
  /** Blocks outside the VPC that may reach the database. */
  readonly publicCidrs: readonly string[];
}

/** One security group for each role, and the rules of the table of allowed edges. */
export class SecurityGroups extends Construct {
  /** Every rule; what opens a connection during the deployment waits for them. */
  readonly rules: ITerraformDependable[];

  private readonly groups: ReadonlyMap<SecurityRole, SecurityGroup>;

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
    this.rules = edgesBetween(props.roles, props.publicCidrs).flatMap((edge) => this.open(edge));
  }

  /**
   * The security group of a role.
   *
   * @throws Error where the role is not deployed.
   */
  of(role: SecurityRole): SecurityGroup {
    const group = this.groups.get(role);
    if (group === undefined) throw new Error(`${role} has no security group: it is not among the deployed roles`);
    return group;
  }

  /** An edge is a rule at each end that is ours: one lets the connection out, the other lets it in. */
  private open({ from, to, port, reason }: Edge): ITerraformDependable[] {
    const common = { ipProtocol: 'tcp', fromPort: port, toPort: port, description: reason };
    const rules: ITerraformDependable[] = [];
    if (typeof from === 'string') {
      rules.push(
        new VpcSecurityGroupEgressRule(this, `${from}-to-${labelOf(to)}`, {
          securityGroupId: this.of(from).id,
          ...this.peer(to),
          ...common,
        }),
      );
    }
    if (typeof to === 'string') {
      rules.push(
        new VpcSecurityGroupIngressRule(this, `${to}-from-${labelOf(from)}`, {
          securityGroupId: this.of(to).id,
          ...this.peer(from),
          ...common,
        }),
      );
    }
    return rules;
  }

  private peer(end: Edge['from']): { referencedSecurityGroupId: string } | { cidrIpv4: string } {
    return typeof end === 'string' ? { referencedSecurityGroupId: this.of(end).id } : { cidrIpv4: end.cidr };
  }
}

/** A construct id cannot hold a slash. */
const labelOf = (end: Edge['from']): string => (typeof end === 'string' ? end : end.cidr.replace('/', '-'));
