import { LambdaInvocation } from '@cdktf/provider-aws/lib/lambda-invocation';
import type { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import type { Subnet } from '@cdktf/provider-aws/lib/subnet';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { CA_FILES, type CaLayer } from '../compute/ca-layer';
import { LambdaFunction } from '../compute/lambda-function';
import { MYSQL_PORT, type DatabaseInstance } from './database-instance';
import type { UserSecret } from './user-secret';
import type { DatabaseUser } from './users';

export interface BootstrapProps {
  /** Name of the function. */
  readonly name: string;
  readonly instance: DatabaseInstance;
  /** Name of the database. */
  readonly database: string;
  readonly users: readonly DatabaseUser[];
  /** Secrets of the users with a password, by the user's name. */
  readonly secrets: Readonly<Record<string, UserSecret>>;
  readonly caLayer: CaLayer;
  readonly subnets: readonly Subnet[];
  readonly securityGroup: SecurityGroup;
  /** Days. */
  readonly logRetentionDays: number;
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

  constructor(scope: Construct, id: string, props: BootstrapProps) {
    super(scope, id);
    this.function = new LambdaFunction(this, 'function', {
      name: props.name,
      description: 'Makes the database, its tables and its users when Terraform applies',
      route: 'bootstrap',
      memoryMib: 256,
      timeoutSeconds: TIMEOUT_SECONDS,
      environment: {
        DB_HOST: props.instance.host,
        DB_PORT: String(MYSQL_PORT),
        DB_CA_FILE: CA_FILES.instance,
        DB_SECRET_ARN: props.instance.masterSecretArn,
      },
      caLayer: props.caLayer,
      vpc: { subnets: props.subnets, securityGroup: props.securityGroup },
      logRetentionDays: props.logRetentionDays,
    });
    const { role } = this.function;
    const secrets = Object.values(props.secrets);
    role.grant('ReadSecrets', {
      actions: ['secretsmanager:GetSecretValue'],
      resources: [props.instance.masterSecretArn, ...secrets.map(({ arn }) => arn)],
    });

    this.invocation = new LambdaInvocation(this, 'invocation', {
      functionName: this.function.name,
      input: JSON.stringify(definition(props)),
      triggers: { code: this.function.codeHash, instance: props.instance.resourceId },
      dependsOn: [...role.permissions, ...secrets.map(({ version }) => version), ...props.dependsOn],
    });
  }
}

/** The event of the function: names and rights, and for a password where it lies, never the password. */
function definition({ database, users, secrets }: BootstrapProps): unknown {
  return {
    database,
    users: users.map((user) => ({ ...user, ...(user.login === 'password' && { secretArn: secretOf(user, secrets) }) })),
  };
}

function secretOf({ name }: DatabaseUser, secrets: BootstrapProps['secrets']): string {
  const secret = secrets[name];
  if (secret === undefined) throw new Error(`The database user ${name} logs in by password and has no secret`);
  return secret.arn;
}
