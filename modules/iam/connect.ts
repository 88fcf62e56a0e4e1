import { Fn } from 'cdktf';
import type { Statement } from './service-role';

/** Indexes of parts in an ARN. Only ARNs of the form `arn:partition:service:region:account:type:id` have the part `id`. */
const ARN_PART = { partition: 1, region: 3, account: 4, id: 6 } as const;

/** Returns one part of an ARN that is known only during the apply. */
export function arnPart(arn: string, part: keyof typeof ARN_PART): string {
  return Fn.element(Fn.split(':', arn), ARN_PART[part]) as string;
}

/**
 * Makes the policy statement that allows a role to log in by IAM, to an instance or a proxy, as one database user.
 *
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.IAMPolicy.html
 *
 * @param arn of the instance or the proxy; supplies partition, region and account.
 * @param resourceId `db-…` or `prx-…`. With the name of the instance or proxy instead, the policy would allow no login.
 */
export function connectStatement(arn: string, resourceId: string, user: string): Statement {
  const regionAndAccount = [arnPart(arn, 'region'), arnPart(arn, 'account')].join(':');
  return {
    actions: ['rds-db:connect'],
    resources: [`arn:${arnPart(arn, 'partition')}:rds-db:${regionAndAccount}:dbuser:${resourceId}/${user}`],
  };
}
