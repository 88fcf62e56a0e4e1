import type { Applied } from '../applied';
import { evaluate, type Decision } from './evaluate';
import { PolicyNotEvaluated, readPolicy, type Policy } from './policy';

interface Role {
  readonly arn: string;
  readonly name: string;
  /** Trust policy, JSON. */
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

const permissionsByApplied = new WeakMap<Applied, Permissions>();

/**
 * Decides what roles may do and which services may assume them, from the applied policies. Managed policies have no effect
 * here: in this project only inline policies allow access to databases and secrets.
 */
export class Permissions {
  private readonly roles = new Map<string, { readonly trust: Policy; readonly inline: readonly Policy[] }>();
  private readonly endpoints: { readonly endpoint: VpcEndpoint; readonly policy: Policy }[] = [];

  /** @throws PolicyNotEvaluated if a role or an endpoint uses a feature that is not evaluated here. */
  private constructor(applied: Applied) {
    const policies = applied.all<RolePolicy>('aws_iam_role_policy');
    for (const role of applied.all<Role>('aws_iam_role')) {
      const { arn, name, assume_role_policy, permissions_boundary } = role;
      if (permissions_boundary)
        throw new PolicyNotEvaluated(
          `The permissions boundary ${permissions_boundary}`,
          'boundaries are not supported',
        );
      this.roles.set(arn, {
        trust: readPolicy('trust', name, assume_role_policy),
        inline: policies
          .filter((policy) => policy.role === name)
          .map((policy) => ({ ...readPolicy('identity-based', policy.name, policy.policy), source: policy })),
      });
    }
    for (const endpoint of applied.all<VpcEndpoint>('aws_vpc_endpoint')) {
      // Without a policy of its own, an endpoint gets one from AWS that allows everything.
      if (!endpoint.policy) continue;
      const policy = readPolicy('VPC endpoint', endpoint.service_name, endpoint.policy);
      this.endpoints.push({ endpoint, policy: { ...policy, source: endpoint } });
    }
  }

  /** Returns the permissions in the applied state. An `Applied` never changes, so its policies are read only once. */
  static of(applied: Applied): Permissions {
    const permissions = permissionsByApplied.get(applied) ?? new Permissions(applied);
    permissionsByApplied.set(applied, permissions);
    return permissions;
  }

  /**
   * Decides whether a role may perform an action on a resource.
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
   * Decides whether a service may assume a role. A condition on `aws:SourceAccount` or `aws:SourceArn` counts as not met, because services
   * do not always send these keys: RDS Proxy never does, Lambda may omit them for a function in a VPC, and AWS does not document
   * that API Gateway sends them.
   *
   * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.html#rds-proxy.limitations
   * https://github.com/aws/aws-parallelcluster/pull/6926
   */
  trusts(roleArn: string, service: string): Decision {
    const trust = this.roles.get(roleArn)?.trust;
    const request = { principal: service, action: 'sts:AssumeRole', resource: roleArn };
    return trust ? evaluate(request, { resource: [trust] }) : { outcome: 'implicitly denied', kind: 'trust' };
  }

  /**
   * Lists the policies of a VPC's endpoints for a service. Each must allow a request from the VPC to the service.
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

  /** Returns the role's inline policies; empty if the role is not applied. */
  policiesOf(roleArn: string): readonly Policy[] {
    return this.roles.get(roleArn)?.inline ?? [];
  }
}
