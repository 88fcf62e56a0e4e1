import { LambdaInvocation } from '@cdktf/provider-aws/lib/lambda-invocation';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { Bootstrap } from './bootstrap';

export interface UndeclaredUsersProps {
  readonly bootstrap: Bootstrap;
  /** What logs in to the database. Where it is removed, or logs in as another user, it has let go before. */
  readonly dependsOn: readonly ITerraformDependable[];
}

/**
 * Drops the users that an earlier deployment has made and that are declared no more, as the last step of a deployment. What holds
 * data is kept and named in the result.
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
