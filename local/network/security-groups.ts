import type { Applied } from '../applied';
import type { ConnectionCondition } from './connection-condition';
import { isIn } from './internet';
import type { SecurityGroup, SecurityGroupRule } from './resources';

/** One side of a connection: its address and security groups. A side on the internet has no groups. */
export interface Side {
  readonly name: string;
  readonly address: string;
  readonly securityGroups: readonly string[];
}

type Direction = 'ingress' | 'egress';

/**
 * Evaluates the applied rules of security groups. Each side with groups needs a rule that allows the connection. Rules inside an
 * `aws_security_group` are not read.
 */
export class SecurityGroups {
  constructor(private readonly applied: Applied) {}

  /** Lists the conditions of a TCP connection: a rule for each side with security groups. */
  conditions(from: Side, to: Side, port: number): ConnectionCondition[] {
    return [
      ...(from.securityGroups.length > 0 ? [this.condition('egress', from, to, port)] : []),
      ...(to.securityGroups.length > 0 ? [this.condition('ingress', to, from, port)] : []),
    ];
  }

  private condition(direction: Direction, own: Side, other: Side, port: number): ConnectionCondition {
    const rule = this.ruleFor(direction, own, other, port);
    const peer = `${direction === 'egress' ? 'to' : 'from'} ${this.describe(other)}`;
    const ownGroups = this.groupNamesOf(own);
    const needs = `an ${direction} rule of the ${ownGroups} allows TCP ${port} ${peer}`;
    if (rule) return { needs, found: describeRule(rule), resources: [rule] };
    const reason = `no ${direction} rule of the ${ownGroups} allows TCP ${port} ${peer}`;
    const place = own.securityGroups.length > 1 ? `one of the ${ownGroups}` : `the ${ownGroups}`;
    const fix = `In ${place}, add an ${direction} rule for TCP ${port} ${peer}.`;
    return { needs, found: '', resources: this.groupsOf(own), barrier: { reason, fix } };
  }

  private ruleFor(direction: Direction, own: Side, other: Side, port: number): SecurityGroupRule | undefined {
    return this.applied
      .all<SecurityGroupRule>(`aws_vpc_security_group_${direction}_rule`)
      .filter((rule) => own.securityGroups.includes(rule.security_group_id))
      .find((rule) => isForPort(rule, port) && isForSide(rule, other));
  }

  private groupsOf({ securityGroups }: Side): SecurityGroup[] {
    return this.applied.all<SecurityGroup>('aws_security_group').filter(({ id }) => securityGroups.includes(id));
  }

  private describe(side: Side): string {
    const groups = side.securityGroups.length > 0 ? `, ${this.groupNamesOf(side)}` : '';
    return `${side.name} (${side.address}${groups})`;
  }

  /** Returns for example `security group "a"` or `security groups "a" and "b"`. */
  private groupNamesOf({ securityGroups }: Side): string {
    const nameOf = (group: string): string =>
      `"${this.applied.find<SecurityGroup>('aws_security_group', ({ id }) => id === group)?.name ?? group}"`;
    return `security group${securityGroups.length > 1 ? 's' : ''} ${securityGroups.map(nameOf).join(' and ')}`;
  }
}

function describeRule(rule: SecurityGroupRule): string {
  const { ip_protocol, from_port, to_port, referenced_security_group_id: group, cidr_ipv4 } = rule;
  const ports = from_port === to_port ? String(from_port ?? 'all') : `${from_port ?? ''} to ${to_port ?? ''}`;
  return `${ip_protocol === '-1' ? 'all protocols' : ip_protocol}, port ${ports}, ${(group ?? '') || (cidr_ipv4 ?? '')}`;
}

function isForPort({ ip_protocol, from_port, to_port }: SecurityGroupRule, port: number): boolean {
  if (ip_protocol === '-1') return true;
  return ip_protocol === 'tcp' && (from_port ?? 0) <= port && port <= (to_port ?? 0);
}

function isForSide({ referenced_security_group_id, cidr_ipv4 }: SecurityGroupRule, side: Side): boolean {
  if (referenced_security_group_id) return side.securityGroups.includes(referenced_security_group_id);
  return Boolean(cidr_ipv4) && isIn(side.address, cidr_ipv4 ?? '');
}
