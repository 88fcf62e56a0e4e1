import { LambdaInvocation } from '@cdktf/provider-aws/lib/lambda-invocation';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { Bootstrap } from './bootstrap';

export interface UndeclaredUsersProps {
  readonly bootstrap: Bootstrap;
  /** Resources that log in to the database. They stop using a removed user before this step drops it. */
  readonly dependsOn: readonly ITerraformDependable[];
}

/**
 * Drops the deployment's own users that are no longer declared, as the last step of a deployment. Tables of an earlier database
 * are kept; the result lists them.
 */
export class UndeclaredUsers extends Construct {
  constructor(scope: Construct, id: string, { bootstrap, dependsOn }: UndeclaredUsersProps) {
    super(scope, id);
    const { database, users, triggers } = bootstrap;
    new LambdaInvocation(this, 'invocation', {
      functionName: bootstrap.function.name,
      input: JSON.stringify({ database, keepUsers: users.map(({ name, host }) => ({ name, host })) }),
      triggers: { ...triggers },
      dependsOn: [bootstrap.invocation, ...dependsOn],
    });
  }
}
