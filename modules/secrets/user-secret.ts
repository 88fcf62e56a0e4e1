import { SecretsmanagerSecret } from '@cdktf/provider-aws/lib/secretsmanager-secret';
import { SecretsmanagerSecretVersion } from '@cdktf/provider-aws/lib/secretsmanager-secret-version';
import { TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { PASSWORD_LENGTH } from '../../contract/logins';
import type { ServiceRole } from '../iam/service-role';

/** Actions of a rotation on a secret. */
export const ROTATION_ACTIONS = ['DescribeSecret', 'GetSecretValue', 'PutSecretValue', 'UpdateSecretVersionStage'].map(
  (action) => `secretsmanager:${action}`,
);

export interface UserSecretProps {
  /** Name of the secret. It must contain the user's name: Terraform writes the content once, so a renamed user needs a new secret. */
  readonly name: string;
  readonly user: string;
}

/**
 * A label that rotations never move. Secrets Manager may delete a version without labels. Terraform would then write a new
 * version, which would undo the rotations.
 */
const FIRST_VERSION = 'FIRST';

/**
 * The password of a database user, stored only in Secrets Manager. Terraform generates it with an ephemeral resource and writes
 * it to a write-only argument, so neither plan nor state contains it.
 *
 * https://developer.hashicorp.com/terraform/language/manage-sensitive-data/ephemeral
 */
export class UserSecret extends Construct {
  readonly arn: string;
  readonly user: string;
  /** The version that Terraform writes. Resources that read the secret during the deployment depend on this version. */
  readonly version: SecretsmanagerSecretVersion;

  constructor(scope: Construct, id: string, props: UserSecretProps) {
    super(scope, id);
    const secret = new SecretsmanagerSecret(this, 'secret', {
      name: props.name,
      description: `Password of the database user ${props.user}`,
      // Without a recovery window the name is free as soon as the environment is destroyed.
      recoveryWindowInDays: 0,
      // With this, Terraform deletes the secret of a removed or renamed user only after the bootstrap has dropped the user.
      lifecycle: { createBeforeDestroy: true },
    });
    this.version = new SecretsmanagerSecretVersion(this, 'value', {
      secretId: secret.id,
      secretStringWo: `\${jsonencode({ username = "${props.user}", password = ${this.generatePassword()} })}`,
      // Terraform writes a write-only value again only if this number changes.
      secretStringWoVersion: 1,
      versionStages: ['AWSCURRENT', FIRST_VERSION],
      // A rotation moves the label AWSCURRENT to another version.
      lifecycle: { ignoreChanges: ['version_stages'], createBeforeDestroy: true },
    });
    this.arn = secret.arn;
    this.user = props.user;
  }

  /** Allows a role to read the secret. The role needs no permission for the AWS managed key that encrypts the secret. */
  grantRead(role: ServiceRole): void {
    role.grant(`ReadSecretOf-${this.user}`, { actions: ['secretsmanager:GetSecretValue'], resources: [this.arn] });
  }

  /**
   * Allows a rotation function to write new values, as long as it is the rotation function of this secret.
   *
   * https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets-required-permissions-function.html
   */
  grantRotate(role: ServiceRole, functionArn: string): void {
    role.grant(`RotateSecretOf-${this.user}`, {
      actions: ROTATION_ACTIONS,
      resources: [this.arn],
      condition: { StringEquals: { 'secretsmanager:resource/AllowRotationLambdaArn': functionArn } },
    });
  }

  /** Adds an ephemeral resource that generates the password. cdktf has no class for it. @returns Terraform expression */
  private generatePassword(): string {
    const [type, name] = ['aws_secretsmanager_random_password', this.node.path.split('/').slice(1).join('_')];
    TerraformStack.of(this).addOverride(`ephemeral.${type}.${name}`, {
      password_length: PASSWORD_LENGTH,
      exclude_punctuation: true,
    });
    return `ephemeral.${type}.${name}.random_password`;
  }
}
