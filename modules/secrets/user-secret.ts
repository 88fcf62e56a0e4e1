import { SecretsmanagerSecret } from '@cdktf/provider-aws/lib/secretsmanager-secret';
import { SecretsmanagerSecretVersion } from '@cdktf/provider-aws/lib/secretsmanager-secret-version';
import { TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import type { ServiceRole } from '../iam/service-role';

/** What a rotation does to a secret. */
export const ROTATION_ACTIONS = ['DescribeSecret', 'GetSecretValue', 'PutSecretValue', 'UpdateSecretVersionStage'];

export interface UserSecretProps {
  /** Name of the secret; it must change with the user's name, or the old name stays inside. */
  readonly name: string;
  /** The database user whose password it holds. */
  readonly user: string;
}

/**
 * A label that rotations never move. A version that loses its last one may be deleted by Secrets Manager; Terraform would
 * then write a new one, and with it undo the rotations.
 */
const FIRST_VERSION = 'FIRST';

/** Of letters and digits: 190 bits, and nothing that a shell or a connection string would take for its own. */
const PASSWORD_LENGTH = 32;

/**
 * The password of a database user, in Secrets Manager and nowhere else: Terraform draws it with an ephemeral
 * resource and writes it to a write-only argument, so neither plan nor state ever holds it.
 *
 * https://developer.hashicorp.com/terraform/language/manage-sensitive-data/ephemeral
 */
export class UserSecret extends Construct {
  readonly arn: string;
  /** The database user. */
  readonly user: string;
  /** What reads the secret during the deployment waits for it. */
  readonly version: SecretsmanagerSecretVersion;

  constructor(scope: Construct, id: string, props: UserSecretProps) {
    super(scope, id);
    const secret = new SecretsmanagerSecret(this, 'secret', {
      name: props.name,
      description: `Password of the database user ${props.user}`,
      // Without a waiting time the name is free again as soon as the environment is destroyed.
      recoveryWindowInDays: 0,
      // Of a user that is removed or renamed it is deleted last, when nothing logs in with it and the user is dropped.
      lifecycle: { createBeforeDestroy: true },
    });
    this.version = new SecretsmanagerSecretVersion(this, 'value', {
      secretId: secret.id,
      secretStringWo: `\${jsonencode({ username = "${props.user}", password = ${this.drawPassword()} })}`,
      // Written once: Terraform writes a write-only value again only where this number changes.
      secretStringWoVersion: 1,
      versionStages: ['AWSCURRENT', FIRST_VERSION],
      // After a rotation another version is the current one.
      lifecycle: { ignoreChanges: ['version_stages'], createBeforeDestroy: true },
    });
    this.arn = secret.arn;
    this.user = props.user;
  }

  /** Lets a role read the secret. It is encrypted with the AWS managed key, which asks for no right of its own. */
  grantRead(role: ServiceRole): void {
    role.grant(`ReadSecretOf-${this.user}`, { actions: ['secretsmanager:GetSecretValue'], resources: [this.arn] });
  }

  /**
   * Lets a rotation function give the secret new values. It may only as long as it is the function that the secret is
   * set to be rotated by.
   *
   * https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets-required-permissions-function.html
   */
  grantRotate(role: ServiceRole, functionArn: string): void {
    role.grant(`Rotate-${this.node.id}`, {
      actions: ROTATION_ACTIONS.map((action) => `secretsmanager:${action}`),
      resources: [this.arn],
      condition: { StringEquals: { 'secretsmanager:resource/AllowRotationLambdaArn': functionArn } },
    });
  }

  /** cdktf has no class for ephemeral resources; the block is written into the stack as it stands in Terraform. */
  private drawPassword(): string {
    const [type, name] = ['aws_secretsmanager_random_password', this.node.path.split('/').slice(1).join('_')];
    TerraformStack.of(this).addOverride(`ephemeral.${type}.${name}`, {
      password_length: PASSWORD_LENGTH,
      exclude_punctuation: true,
    });
    return `ephemeral.${type}.${name}.random_password`;
  }
}
