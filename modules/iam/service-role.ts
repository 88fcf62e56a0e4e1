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
  /** Whom a policy of a resource is about. @default - whoever the policy is attached to */
  readonly principals?: '*' | Readonly<Record<string, string>>;
  /** @default - the statement holds unconditionally */
  readonly condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

export interface ServiceRoleProps {
  /** Name of the role. */
  readonly name: string;
  /** The AWS service that takes the role, for example `lambda.amazonaws.com`. */
  readonly service: string;
  /**
   * Account for whose resources the service may take it. Only for services that AWS shows to send theirs: RDS Proxy, EC2 and
   * API Gateway could not take the role any more.
   *
   * https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
   *
   * @default - any. A role can be given to services of its own account only, by `iam:PassRole`.
   */
  readonly sourceAccount?: string;
}

/** A role for one AWS service, that may do nothing until a resource grants access to itself. */
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
        Statement: [
          {
            Effect: 'Allow',
            Action: 'sts:AssumeRole',
            Principal: { Service: props.service },
            ...(props.sourceAccount !== undefined && {
              Condition: { StringEquals: { 'aws:SourceAccount': props.sourceAccount } },
            }),
          },
        ],
      }),
    });
    this.arn = this.role.arn;
    this.name = this.role.name;
  }

  /**
   * Everything that must be there before the role can do its work: a function that starts earlier fails.
   */
  get permissions(): ITerraformDependable[] {
    return [this.role, ...this.policies];
  }

  /**
   * Adds one inline policy.
   *
   * @param name says what it is for
   * @returns the policy
   */
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

/** The JSON of a policy; the statements' Sids are made from its name, which may hold more than a Sid may. */
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
