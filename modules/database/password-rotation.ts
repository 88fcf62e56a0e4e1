import { SecretsmanagerSecretRotation } from '@cdktf/provider-aws/lib/secretsmanager-secret-rotation';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { LambdaFunction } from '../compute/lambda-function';
import { MasterFunction, type MasterFunctionPlace } from './master-function';
import type { UserSecret } from '../secrets/user-secret';

export interface PasswordRotationProps extends MasterFunctionPlace {
  /** The secrets that are rotated, each by itself. */
  readonly secrets: readonly UserSecret[];
  /** Days from one rotation to the next. */
  readonly days: number;
  /** What must be done before the first rotation: the users must exist. */
  readonly dependsOn: readonly ITerraformDependable[];
}

/**
 * RDS Proxy notices a rotated secret some time later; AWS does not document the time. The password before the present one
 * must stay valid for as long, so no second rotation begins earlier. Seconds.
 */
const PAUSE_SECONDS = 300;

/** A step takes a second; a login that hangs is given up long before. */
const TIMEOUT_SECONDS = 60;

/**
 * Gives every user of a secret a new password from time to time, by a function in the VPC that Secrets Manager invokes.
 *
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda.html
 */
export class PasswordRotation extends Construct {
  readonly function: LambdaFunction;
  /** What rotates the secrets. */
  readonly resources: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: PasswordRotationProps) {
    super(scope, id);
    this.function = new MasterFunction(this, 'function', {
      ...props,
      description: 'Rotates the passwords of the database users when Secrets Manager asks for it',
      route: 'rotation',
      timeoutSeconds: TIMEOUT_SECONDS,
      environment: { ROTATION_PAUSE_SECONDS: String(PAUSE_SECONDS) },
    });
    const { role } = this.function;
    role.grant('DrawPassword', { actions: ['secretsmanager:GetRandomPassword'], resources: ['*'] });
    for (const secret of props.secrets) secret.grantRotate(role, this.function.arn);
    this.resources = props.secrets.map((secret) => this.rotate(secret, props));
  }

  /**
   * The first rotation is at once: what is wrong with it shows on the day of the deployment, not a month later, and the
   * password that Terraform drew is soon none any more.
   */
  private rotate(secret: UserSecret, { days, dependsOn }: PasswordRotationProps): ITerraformDependable {
    const { id } = secret.node;
    const invocable = this.function.grantInvoke(
      `${id}-invoked-by-secrets-manager`,
      'secretsmanager.amazonaws.com',
      secret.arn,
    );
    return new SecretsmanagerSecretRotation(this, id, {
      secretId: secret.arn,
      rotationLambdaArn: this.function.arn,
      rotationRules: { automaticallyAfterDays: days },
      rotateImmediately: true,
      dependsOn: [invocable, secret.version, ...this.function.role.permissions, ...dependsOn],
    });
  }
}
