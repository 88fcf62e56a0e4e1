import type { Applied } from '../local';

export interface Role {
  readonly name: string;
  readonly arn: string;
}

/** Returns the role in the instance profile of the client host, if any. The stack has no other EC2 instance. */
export function clientHostRole(applied: Applied): Role | undefined {
  const [host] = applied.all<{ iam_instance_profile: string }>('aws_instance');
  const profile = applied.find<Role & { role: string }>(
    'aws_iam_instance_profile',
    ({ name }) => name === host?.iam_instance_profile,
  );
  return applied.find<Role>('aws_iam_role', ({ name }) => name === profile?.role);
}
