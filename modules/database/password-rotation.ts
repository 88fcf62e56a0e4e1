import { SecretsmanagerSecretRotation } from '@cdktf/provider-aws/lib/secretsmanager-secret-rotation';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { LambdaFunction } from '../compute/lambda-function';
import { MasterFunction, type MasterFunctionBaseProps } from './master-function';
import type { UserSecret } from '../secrets/user-secret';

export interface PasswordRotationProps extends MasterFunctionBaseProps {
  /** The secrets to rotate, each independently. */
  readonly secrets: readonly UserSecret[];
  /** Days between rotations. */
  readonly days: number;
  /** Resources to apply before the first rotation: the users must exist. */
  readonly dependsOn: readonly ITerraformDependable[];
}

/**
 * Minimum time between two rotations, in seconds. RDS Proxy uses the previous password until it notices the rotated secret; AWS does
 * not document how long. A second rotation invalidates that password, because MySQL keeps only two.
 */
const PAUSE_SECONDS = 300;

/** Timeout of one step, in seconds. A step takes about one second; a login has its own, shorter timeout. */
const TIMEOUT_SECONDS = 60;

/**
 * Rotates the passwords of the database users. Secrets Manager invokes a function in the VPC for each step.
 *
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda.html
 */
export class PasswordRotation extends Construct {
  readonly function: LambdaFunction;
  /** The rotation of each secret. */
  readonly resources: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: PasswordRotationProps) {
    super(scope, id);
    this.function = new MasterFunction(this, 'function', {
      ...props,
      description: 'Rotates the passwords of the database users when Secrets Manager invokes it',
      folder: 'rotation',
      timeoutSeconds: TIMEOUT_SECONDS,
      environment: { ROTATION_PAUSE_SECONDS: String(PAUSE_SECONDS) },
    });
    const { role } = this.function;
    role.grant('GeneratePassword', { actions: ['secretsmanager:GetRandomPassword'], resources: ['*'] });
    for (const secret of props.secrets) secret.grantRotate(role, this.function.arn);
    this.resources = props.secrets.map((secret) => this.addRotation(secret, props));
  }

  /**
   * Rotates for the first time immediately, so that a fault shows on the day of the deployment. The second rotation, after `days`,
   * invalidates the password that Terraform generated.
   */
  private addRotation(secret: UserSecret, { days, dependsOn }: PasswordRotationProps): ITerraformDependable {
    const { id } = secret.node;
    const permission = this.function.grantInvoke(
      `${id}-invoked-by-secrets-manager`,
      'secretsmanager.amazonaws.com',
      secret.arn,
    );
    return new SecretsmanagerSecretRotation(this, id, {
      secretId: secret.arn,
      rotationLambdaArn: this.function.arn,
      rotationRules: { automaticallyAfterDays: days },
      rotateImmediately: true,
      dependsOn: [permission, secret.version, ...this.function.role.permissions, ...dependsOn],
    });
  }
}
