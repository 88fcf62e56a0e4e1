import { LambdaInvocation } from '@cdktf/provider-aws/lib/lambda-invocation';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { LambdaFunction } from '../compute/lambda-function';
import { MasterFunction, type MasterFunctionBaseProps } from './master-function';
import type { UserSecret } from '../secrets/user-secret';
import type { DatabaseUser } from './users';

export interface BootstrapProps extends MasterFunctionBaseProps {
  /** Name of the database. */
  readonly database: string;
  readonly users: readonly DatabaseUser[];
  /**
   * Names of users that an early version of the function may have created without recording them. The function adds those that exist
   * to its record of users, if the record is empty.
   */
  readonly possiblyUnrecorded: readonly string[];
  /** Secrets of the users with a password, by the user's name. */
  readonly secrets: Readonly<Record<string, UserSecret>>;
  /** Resources that the function needs to reach the database and its secrets. */
  readonly dependsOn: readonly ITerraformDependable[];
}

/** A new instance accepts connections some time after RDS reports it as available. IAM changes take seconds to propagate. */
const TIMEOUT_SECONDS = 300;

/**
 * Creates the database, its tables and its users during the deployment. Terraform invokes a function in the VPC, and again
 * whenever the function, its input, the instance or a generated password changes.
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
    const secrets = Object.values(props.secrets);
    for (const secret of secrets) secret.grantRead(role);

    this.triggers = {
      code: this.function.codeHash,
      instance: props.instance.resourceId,
      // If Terraform writes a secret's version again, the password is new. A rotation does not change the version in the state.
      passwords: secrets.map(({ version }) => version.versionId).join(' '),
    };
    this.invocation = new LambdaInvocation(this, 'invocation', {
      functionName: this.function.name,
      input: JSON.stringify(definition(props)),
      triggers: { ...this.triggers },
      dependsOn: [...role.permissions, ...secrets.map(({ version }) => version), ...props.dependsOn],
    });
  }

  /**
   * Drops the deployment's own users that are no longer declared, after the resources in `dependsOn` have changed. Drops no tables:
   * the result lists those in databases that earlier deployments used.
   *
   * @param dependsOn resources that log in to the database: they stop using a removed user before this step drops it
   */
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

/** Returns the event of the function: the database, the users with grants and ARNs of secrets. SECURITY: never a password. */
function definition({ database, users, possiblyUnrecorded, secrets }: BootstrapProps): unknown {
  return {
    database,
    names: possiblyUnrecorded,
    users: users.map((user) => ({ ...user, ...(user.login === 'password' && { secretArn: secretOf(user, secrets) }) })),
  };
}

function secretOf({ name }: DatabaseUser, secrets: BootstrapProps['secrets']): string {
  const secret = secrets[name];
  if (secret === undefined) throw new Error(`The database user ${name} logs in by password but has no secret`);
  return secret.arn;
}
