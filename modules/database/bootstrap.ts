import { LambdaInvocation } from '@cdktf/provider-aws/lib/lambda-invocation';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { LambdaFunction } from '../compute/lambda-function';
import { MasterFunction, type MasterFunctionBaseProps } from './master-function';
import type { UserSecret } from '../secrets/user-secret';
import type { DatabaseUser } from './users';

export interface BootstrapProps extends MasterFunctionBaseProps {
  readonly database: string;
  readonly users: readonly DatabaseUser[];
  /**
   * Names of users that an early version of the function may have created without recording them. The function adds those that exist
   * to its record of users, if the record is empty.
   */
  readonly possiblyUnrecorded: readonly string[];
  /** Secrets of the users with a password. */
  readonly secrets: readonly UserSecret[];
  /** Resources that the function needs to reach the database and its secrets. */
  readonly dependsOn: readonly ITerraformDependable[];
}

/** A new instance accepts connections some time after RDS reports it as available. IAM changes take seconds to propagate. */
const TIMEOUT_SECONDS = 300;

/**
 * Creates the database, its tables and its users during the deployment. Terraform invokes a function in the VPC, and again
 * whenever the function's code, its input, the instance or a generated password changes.
 */
export class Bootstrap extends Construct {
  /** The invocation. Resources that need the users depend on it. */
  readonly invocation: LambdaInvocation;
  readonly function: LambdaFunction;
  /** Values whose change causes another invocation. */
  private readonly triggers: Readonly<Record<string, string>>;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: BootstrapProps,
  ) {
    super(scope, id);
    this.function = new MasterFunction(this, 'function', {
      ...props,
      description: 'Creates the database, its tables and its users when Terraform applies',
      folder: 'bootstrap',
      timeoutSeconds: TIMEOUT_SECONDS,
    });
    const { role } = this.function;
    for (const secret of props.secrets) secret.grantRead(role);

    this.triggers = {
      code: this.function.codeHash,
      instance: props.instance.resourceId,
      // Each secret version that Terraform writes has a new password and a new id. A rotation does not change the id in the state.
      passwords: props.secrets.map(({ version }) => version.versionId).join(' '),
    };
    this.invocation = new LambdaInvocation(this, 'invocation', {
      functionName: this.function.name,
      input: JSON.stringify(creationEvent(props)),
      triggers: { ...this.triggers },
      dependsOn: [...role.permissions, ...props.secrets.map(({ version }) => version), ...props.dependsOn],
    });
  }

  /** Drops the deployment's own users that are no longer declared, after the resources in `dependsOn` have stopped logging in as them. */
  dropUndeclaredUsers(scope: Construct, dependsOn: readonly ITerraformDependable[]): void {
    const { database, users } = this.props;
    new LambdaInvocation(scope, 'invocation', {
      functionName: this.function.name,
      input: JSON.stringify({ database, keepUsers: users.map(({ name, host }) => ({ name, host })) }),
      triggers: { ...this.triggers },
      dependsOn: [this.invocation, ...dependsOn],
    });
  }
}

/** Returns the event for the function. SECURITY: contains the ARNs of the users' secrets, never a password. */
function creationEvent({ database, users, possiblyUnrecorded, secrets }: BootstrapProps): unknown {
  return {
    database,
    unrecordedNames: possiblyUnrecorded,
    users: users.map((user) => ({ ...user, secretArn: secrets.find((secret) => secret.user === user.name)?.arn })),
  };
}
