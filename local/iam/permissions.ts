import { runSimulation } from '@cloud-copilot/iam-simulate';
import type { Applied } from '../applied';

/** A role that was applied, with everything it may do by policies of its own. */
interface Role {
  readonly arn: string;
  readonly name: string;
}

interface RolePolicy {
  readonly name: string;
  /** Name of the role. */
  readonly role: string;
  readonly policy: string;
}

/** Says what roles may do, from the policies that were applied. */
export class Permissions {
  constructor(private readonly applied: Applied) {}

  /**
   * Whether a role may do an action on a resource. Managed policies are not read: what the deployment's roles do with
   * a database or a secret, their own policies allow or nothing does.
   *
   * @param context values of condition keys
   * @param endpointPolicies policies of the VPC endpoint that the request goes through, JSON
   * @throws Error where a policy cannot be evaluated.
   */
  async allows(
    roleArn: string,
    action: string,
    resource: string,
    context: Readonly<Record<string, string>> = {},
    endpointPolicies: readonly string[] = [],
  ): Promise<boolean> {
    const role = this.applied.find<Role>('aws_iam_role', ({ arn }) => arn === roleArn);
    if (role === undefined) return false;
    const account = roleArn.split(':')[4] ?? '';
    const identityPolicies = this.applied
      .all<RolePolicy>('aws_iam_role_policy')
      .filter((policy) => policy.role === role.name)
      .map(({ name, policy }) => ({ name, policy: JSON.parse(policy) as unknown }));
    const result = await runSimulation(
      {
        request: {
          principal: roleArn,
          action,
          resource: { resource, accountId: account },
          contextVariables: { ...context },
        },
        identityPolicies,
        serviceControlPolicies: [],
        resourceControlPolicies: [],
        ...(endpointPolicies.length > 0 && { vpcEndpointPolicies: endpointPolicies.map(named) }),
      },
      {},
    );
    if (result.resultType === 'error') {
      throw new Error(`The policies of ${roleArn} cannot be evaluated: ${JSON.stringify(result.errors)}`);
    }
    return result.overallResult === 'Allowed';
  }
}

const named = (policy: string, index: number): { name: string; policy: unknown } => ({
  name: `endpoint ${index}`,
  policy: JSON.parse(policy),
});
