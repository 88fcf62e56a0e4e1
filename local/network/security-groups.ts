import type { Applied } from '../applied';
import { isIn } from './internet';
import type { SecurityGroup, SecurityGroupRule } from './resources';

/** One side of a connection: an address, and the security groups in front of it; none where it is on the internet. */
export interface Side {
  readonly name: string;
  readonly address: string;
  readonly securityGroups: readonly string[];
}

type Direction = 'ingress' | 'egress';

/** Says what the applied security groups let through. Nothing is allowed that no rule allows. */
export class SecurityGroups {
  constructor(private readonly applied: Applied) {}

  /** Why a TCP connection does not get through, or `undefined` where it does. */
  refusal(from: Side, to: Side, port: number): string | undefined {
    if (from.securityGroups.length > 0 && !this.allows('egress', from, to, port)) {
      return `no egress rule of ${this.namesOf(from)} allows TCP ${port} to ${this.describe(to)}`;
    }
    if (to.securityGroups.length > 0 && !this.allows('ingress', to, from, port)) {
      return `no ingress rule of ${this.namesOf(to)} allows TCP ${port} from ${this.describe(from)}`;
    }
    return undefined;
  }

  private allows(direction: Direction, own: Side, other: Side, port: number): boolean {
    return this.applied
      .all<SecurityGroupRule>(`aws_vpc_security_group_${direction}_rule`)
      .filter((rule) => own.securityGroups.includes(rule.security_group_id))
      .some((rule) => isForPort(rule, port) && isForSide(rule, other));
  }

  private describe(side: Side): string {
    const groups = side.securityGroups.length > 0 ? ` in ${this.namesOf(side)}` : '';
    return `${side.name} (${side.address})${groups}`;
  }

  private namesOf({ securityGroups }: Side): string {
    const nameOf = (group: string): string =>
      this.applied.find<SecurityGroup>('aws_security_group', ({ id }) => id === group)?.name ?? group;
    return securityGroups.map(nameOf).join(', ');
  }
}

function isForPort({ ip_protocol, from_port, to_port }: SecurityGroupRule, port: number): boolean {
  if (ip_protocol === '-1') return true;
  return ip_protocol === 'tcp' && (from_port ?? 0) <= port && port <= (to_port ?? 0);
}

function isForSide({ referenced_security_group_id, cidr_ipv4 }: SecurityGroupRule, side: Side): boolean {
  if (referenced_security_group_id) return side.securityGroups.includes(referenced_security_group_id);
  return Boolean(cidr_ipv4) && isIn(side.address, cidr_ipv4 ?? '');
}
