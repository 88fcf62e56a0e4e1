import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target';
import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { LambdaFunction as AwsLambdaFunction } from '@cdktf/provider-aws/lib/lambda-function';
import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission';
import type { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import type { Subnet } from '@cdktf/provider-aws/lib/subnet';
import { dependable, type ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { ServiceRole } from '../iam/service-role';
import { zipAsset } from './asset';
import { bundleFunction } from './bundle';
import type { CaLayer } from './ca-layer';
import { ARCHITECTURE, RUNTIME } from './runtime';

export interface LambdaFunctionProps {
  /** Name of the function and of its role. */
  readonly name: string;
  readonly description: string;
  /** Folder in `functions/` to bundle. */
  readonly folder: string;
  /** MiB. CPU grows with it. */
  readonly memoryMib: number;
  readonly timeoutSeconds: number;
  /** @default - the function shares the account's concurrency */
  readonly reservedConcurrency?: number | undefined;
  readonly environment: Readonly<Record<string, string>>;
  /** Certificate authorities that the function verifies its database against. */
  readonly caLayer: CaLayer;
  /** @default - the function runs outside the VPC */
  readonly vpc?: { readonly subnets: readonly Subnet[]; readonly securityGroup: SecurityGroup };
  readonly logRetentionDays: number;
  /** Resources to apply before the function changes. @default - none */
  readonly dependsOn?: readonly ITerraformDependable[];
}

/** A function of `functions/`, with its own role and log group. */
export class LambdaFunction extends Construct {
  /** Its folder in `functions/`. */
  readonly folder: string;
  readonly name: string;
  /** The same name without a Terraform reference, for resources that must not depend on the function. */
  readonly plainName: string;
  readonly arn: string;
  /** Hash of the code, base64. */
  readonly codeHash: string;
  readonly role: ServiceRole;
  /** The function, for `dependsOn` of resources that change after it. */
  readonly resource: ITerraformDependable;

  constructor(scope: Construct, id: string, props: LambdaFunctionProps) {
    super(scope, id);
    const logs = new CloudwatchLogGroup(this, 'logs', {
      name: `/aws/lambda/${props.name}`,
      retentionInDays: props.logRetentionDays,
    });
    this.role = new ServiceRole(this, 'role', { name: props.name, service: 'lambda.amazonaws.com' });
    this.role.grant('WriteLogs', {
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [`${logs.arn}:*`],
    });
    if (props.vpc) deletePolicyAfter(this.grantNetworkInterfaces(props.name), props.vpc.securityGroup);

    const code = zipAsset(this, 'code', bundleFunction(props.folder).zip);
    const lambda = new AwsLambdaFunction(this, 'function', {
      functionName: props.name,
      description: props.description,
      role: this.role.arn,
      runtime: RUNTIME,
      architectures: [ARCHITECTURE],
      handler: 'index.handler',
      ...code,
      layers: [props.caLayer.arn],
      memorySize: props.memoryMib,
      timeout: props.timeoutSeconds,
      ...(props.reservedConcurrency !== undefined && { reservedConcurrentExecutions: props.reservedConcurrency }),
      environment: { variables: { ...props.environment } },
      ...(props.vpc && {
        vpcConfig: {
          subnetIds: props.vpc.subnets.map(({ id: subnetId }) => subnetId),
          securityGroupIds: [props.vpc.securityGroup.id],
        },
      }),
      dependsOn: [logs, ...this.role.permissions, ...(props.dependsOn ?? [])],
    });
    this.folder = props.folder;
    this.resource = lambda;
    this.name = lambda.functionName;
    this.plainName = props.name;
    this.arn = lambda.arn;
    this.codeHash = code.sourceCodeHash;
  }

  /**
   * Allows an AWS service to invoke the function, from one source only.
   *
   * @returns the permission, which must exist before the service invokes the function.
   */
  grantInvoke(id: string, service: string, sourceArn: string): ITerraformDependable {
    return new LambdaPermission(this, id, {
      action: 'lambda:InvokeFunction',
      functionName: this.name,
      principal: service,
      sourceArn,
    });
  }

  /**
   * Invokes the function once a day. A function in a VPC becomes Inactive after about two weeks without an invocation, and the
   * next invocation fails. The handler must ignore the event of this schedule: see `isKeepActive`.
   *
   * https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
   */
  keepActive(): void {
    const rule = new CloudwatchEventRule(this, 'keep-active', {
      name: `${this.name}-keep-active`,
      description: `Keeps ${this.name} from becoming Inactive`,
      scheduleExpression: 'rate(1 day)',
    });
    const permission = this.grantInvoke('invoked-by-schedule', 'events.amazonaws.com', rule.arn);
    new CloudwatchEventTarget(this, 'keep-active-target', {
      rule: rule.name,
      arn: this.arn,
      input: JSON.stringify({ keepActive: true }),
      dependsOn: [permission],
    });
  }

  /**
   * Allows Lambda to attach the function to the VPC: Lambda does this with the function's role. SECURITY: the second
   * statement denies these permissions to the code of the function.
   *
   * https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-best-practice-security
   */
  private grantNetworkInterfaces(functionName: string): ITerraformDependable {
    const actions = [
      'ec2:AssignPrivateIpAddresses',
      'ec2:CreateNetworkInterface',
      'ec2:DeleteNetworkInterface',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSubnets',
      'ec2:UnassignPrivateIpAddresses',
    ];
    return this.role.grant(
      'AttachToVpc',
      { actions, resources: ['*'] },
      {
        effect: 'Deny',
        actions,
        resources: ['*'],
        condition: { ArnLike: { 'lambda:SourceFunctionArn': `arn:aws:lambda:*:*:function:${functionName}` } },
      },
    );
  }
}

/**
 * Makes Terraform delete a policy after the security group. Lambda removes the network interfaces some minutes after the
 * function is deleted, and needs this policy to do so. The security group cannot be deleted before the interfaces.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
 */
function deletePolicyAfter(policy: ITerraformDependable, securityGroup: SecurityGroup): void {
  securityGroup.dependsOn = [...(securityGroup.dependsOn ?? []), dependable(policy)];
}
