import { LambdaInvocation } from '@cdktf/provider-aws/lib/lambda-invocation';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { LambdaFunction } from '../compute/lambda-function';
import { MasterFunction, type MasterFunctionPlace } from './master-function';
import type { UserSecret } from '../secrets/user-secret';
import type { DatabaseUser } from './users';

export interface BootstrapProps extends MasterFunctionPlace {
  /** Name of the database. */
  readonly database: string;
  readonly users: readonly DatabaseUser[];
  /** Names of users, also of those that are not deployed: an earlier version made users without a record of them. */
  readonly names: readonly string[];
  /** Secrets of the users with a password, by the user's name. */
  readonly secrets: Readonly<Record<string, UserSecret>>;
  /** What must stand before the function can reach the database and its secrets. */
  readonly dependsOn: readonly ITerraformDependable[];
}

/** A new instance lets connections in some time after RDS calls it available; IAM takes seconds to spread too. */
const TIMEOUT_SECONDS = 300;

/**
 * Makes the database, its tables and its users as a step of the deployment: a function in the VPC that Terraform
 * invokes, again whenever the function, its input or the instance changes.
 */
export class Bootstrap extends Construct {
  /** What needs the users waits for it. */
  readonly invocation: LambdaInvocation;
  readonly function: LambdaFunction;
  readonly database: string;
  readonly users: readonly DatabaseUser[];
  /** What must change before the function is invoked again. */
  readonly triggers: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, props: BootstrapProps) {
    super(scope, id);
    this.function = new MasterFunction(this, 'function', {
      ...props,
      description: 'Makes the database, its tables and its users when Terraform applies',
      route: 'bootstrap',
      timeoutSeconds: TIMEOUT_SECONDS,
    });
    const { role } = this.function;
    const secrets = Object.values(props.secrets);
    for (const secret of secrets) secret.grantRead(role);

    this.database = props.database;
    this.users = props.users;
    this.triggers = { code: this.function.codeHash, instance: props.instance.resourceId };
    this.invocation = new LambdaInvocation(this, 'invocation', {
      functionName: this.function.name,
      input: JSON.stringify(definition(props)),
      triggers: { ...this.triggers },
      dependsOn: [...role.permissions, ...secrets.map(({ version }) => version), ...props.dependsOn],
    });
  }
}

/** The event of the function: names and rights, and for a password where it lies, never the password. */
function definition({ database, users, names, secrets }: BootstrapProps): unknown {
  return {
    database,
    names,
    users: users.map((user) => ({ ...user, ...(user.login === 'password' && { secretArn: secretOf(user, secrets) }) })),
  };
}

function secretOf({ name }: DatabaseUser, secrets: BootstrapProps['secrets']): string {
  const secret = secrets[name];
  if (secret === undefined) throw new Error(`The database user ${name} logs in by password and has no secret`);
  return secret.arn;
}
