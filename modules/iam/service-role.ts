import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';

/** One statement of an IAM policy. */
export interface Statement {
  /** @default 'Allow' */
  readonly effect?: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Only for resource policies. A policy of a role has none, because it applies to that role. */
  readonly principals?: '*' | Readonly<Record<string, string>>;
  /** @default - the statement applies unconditionally */
  readonly condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

export interface ServiceRoleProps {
  readonly name: string;
  /** The AWS service that assumes the role, for example `lambda.amazonaws.com`. */
  readonly service: string;
}

/**
 * A role for one AWS service. It has no permissions until other constructs add some with `grant` or `attach`.
 *
 * SECURITY: the trust policy needs no condition on `aws:SourceAccount` or `aws:SourceArn`, because no other account can pass the role
 * to a service (`iam:PassRole`). Services do not always send these keys: with a condition, Lambda could not create functions in a new
 * VPC (https://github.com/aws/aws-parallelcluster/pull/6926), and RDS Proxy supports no global condition keys
 * (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.html#rds-proxy.limitations).
 */
export class ServiceRole extends Construct {
  readonly arn: string;
  readonly name: string;

  private readonly role: IamRole;
  private readonly policies: ITerraformDependable[] = [];

  constructor(scope: Construct, id: string, props: ServiceRoleProps) {
    super(scope, id);
    this.role = new IamRole(this, 'role', {
      name: props.name,
      assumeRolePolicy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: props.service } }],
      }),
    });
    this.arn = this.role.arn;
    this.name = this.role.name;
  }

  /**
   * The role and the policies granted so far, for `dependsOn`. A function fails if it starts before its policies exist. Policies granted
   * later are not included.
   */
  get permissions(): ITerraformDependable[] {
    return [this.role, ...this.policies];
  }

  /** Adds one inline policy, whose name says its purpose. */
  grant(name: string, ...statements: readonly Statement[]): ITerraformDependable {
    const policy = new IamRolePolicy(this, name, {
      name,
      role: this.role.name,
      policy: policyDocument(name, statements),
    });
    this.policies.push(policy);
    return policy;
  }

  /** Attaches a managed policy. */
  attach(id: string, policyArn: string): void {
    this.policies.push(new IamRolePolicyAttachment(this, id, { role: this.role.name, policyArn }));
  }
}

/** Writes a policy as JSON. Each Sid is the policy's name without the characters that a Sid does not allow; several Sids are numbered. */
export function policyDocument(name: string, statements: readonly Statement[]): string {
  const sid = name.replace(/[^A-Za-z0-9]/g, '');
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: statements.map(({ effect = 'Allow', actions, resources, principals, condition }, index) => ({
      Sid: statements.length === 1 ? sid : `${sid}${index + 1}`,
      Effect: effect,
      ...(principals !== undefined && { Principal: principals }),
      Action: actions,
      Resource: resources,
      ...(condition && { Condition: condition }),
    })),
  });
}
