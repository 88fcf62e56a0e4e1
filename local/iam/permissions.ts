import type { Applied } from '../applied';
import { evaluate, type Decision } from './evaluate';
import { PolicyNotEvaluated, readPolicy, type Policy } from './policy';

interface Role {
  readonly arn: string;
  readonly name: string;
  /** The trust policy, JSON. */
  readonly assume_role_policy: string;
  readonly permissions_boundary?: string | null;
}

interface VpcEndpoint {
  readonly service_name: string;
  readonly vpc_id: string;
  /** JSON. */
  readonly policy?: string | null;
}

interface RolePolicy {
  readonly name: string;
  /** Name of the role. */
  readonly role: string;
  readonly policy: string;
}

/** What a role has. */
interface RolePolicies {
  readonly trust: Policy;
  readonly own: readonly Policy[];
}

const known = new WeakMap<Applied, Permissions>();

/**
 * Says what roles may do, from the policies that were applied. Managed policies are not read: what the deployment's roles
 * do with a database or a secret, their own policies allow or nothing does.
 */
export class Permissions {
  private readonly roles = new Map<string, RolePolicies>();
  private readonly endpoints: readonly { readonly endpoint: VpcEndpoint; readonly policy: Policy }[];

  /** @throws PolicyNotEvaluated where a role or an endpoint has what is not evaluated here. */
  private constructor(applied: Applied) {
    const policies = applied.all<RolePolicy>('aws_iam_role_policy');
    for (const role of applied.all<Role>('aws_iam_role')) {
      const { arn, name, assume_role_policy, permissions_boundary } = role;
      if (permissions_boundary) throw new PolicyNotEvaluated('identity-based', permissions_boundary, 'a boundary');
      this.roles.set(arn, {
        trust: readPolicy('trust', name, assume_role_policy),
        own: policies
          .filter((policy) => policy.role === name)
          .map((policy) => ({ ...readPolicy('identity-based', policy.name, policy.policy), source: policy })),
      });
    }
    // AWS attaches a policy that allows everything where none is given.
    this.endpoints = applied.all<VpcEndpoint>('aws_vpc_endpoint').flatMap((endpoint) => {
      const { service_name, policy } = endpoint;
      return policy
        ? [{ endpoint, policy: { ...readPolicy('VPC endpoint', service_name, policy), source: endpoint } }]
        : [];
    });
  }

  /** What was applied does not change, so its policies are read once. */
  static of(applied: Applied): Permissions {
    const permissions = known.get(applied) ?? new Permissions(applied);
    known.set(applied, permissions);
    return permissions;
  }

  /**
   * Whether a role may do an action on a resource.
   *
   * @param context values of condition keys
   * @param endpoints policies of the VPC endpoints that the request goes through
   */
  decide(
    roleArn: string,
    action: string,
    resource: string,
    context: Readonly<Record<string, string>> = {},
    endpoints: readonly Policy[] = [],
  ): Decision {
    const identity = this.policiesOf(roleArn);
    return evaluate({ principal: roleArn, action, resource, context }, { identity, endpoints });
  }

  allows(roleArn: string, action: string, resource: string): boolean {
    return this.decide(roleArn, action, resource).outcome === 'allowed';
  }

  /**
   * Whether a service may take a role for a resource of the role's own account: without that the role's policies are of no use to it.
   * Lambda says for which account it takes the role. For others AWS documents nothing, and a condition on it does not hold.
   *
   * https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
   */
  trusts(roleArn: string, service: string): Decision {
    const trust = this.roles.get(roleArn)?.trust;
    const account = roleArn.split(':')[4] ?? '';
    const context = service === 'lambda.amazonaws.com' ? { 'aws:SourceAccount': account } : {};
    const request = { principal: service, action: 'sts:AssumeRole', resource: roleArn, context };
    return trust ? evaluate(request, { resource: [trust] }) : { outcome: 'implicitly denied', kind: 'trust' };
  }

  /**
   * The policies of a VPC's endpoints of a service, all of which must allow a request to it from the VPC.
   *
   * https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
   *
   * @param service for example `secretsmanager`
   */
  endpointPolicies(vpcId: string, service: string): readonly Policy[] {
    return this.endpoints
      .filter(({ endpoint }) => endpoint.vpc_id === vpcId && endpoint.service_name.endsWith(`.${service}`))
      .map(({ policy }) => policy);
  }

  /** The policies of a role's own; none where no such role was applied. */
  policiesOf(roleArn: string): readonly Policy[] {
    return this.roles.get(roleArn)?.own ?? [];
  }
}
