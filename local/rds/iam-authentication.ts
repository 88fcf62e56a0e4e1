import type { Permissions } from '../iam/permissions';
import { refusalOf, signerOf, type CredentialsOf } from './token';

export interface IamAuthenticationOptions {
  readonly host: string;
  readonly port: number;
  /** ARN of the instance or the proxy. */
  readonly arn: string;
  /** What policies call it by: `db-…` of an instance, `prx-…` of a proxy. */
  readonly resourceId: string;
  readonly credentialsOf: CredentialsOf;
  readonly permissions: Permissions;
}

/**
 * IAM database authentication at one endpoint: the token must be made for it, and the role behind the token must be
 * allowed `rds-db:connect` as that user.
 *
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.IAMPolicy.html
 */
export class IamAuthentication {
  constructor(private readonly options: IamAuthenticationOptions) {}

  /** Why a user with this token does not get in, or `undefined` where it does. */
  refusal(token: string, user: string): string | undefined {
    const { host, port, arn, resourceId, credentialsOf, permissions } = this.options;
    const region = arn.split(':')[3] ?? '';
    const flaw = refusalOf(token, user, { host, port, region, credentialsOf });
    if (flaw !== undefined) return flaw;
    const roleArn = signerOf(token, credentialsOf)?.roleArn ?? '';
    const resource = connectArn(arn, resourceId, user);
    if (permissions.allows(roleArn, 'rds-db:connect', resource)) return undefined;
    return `${roleArn} may not rds-db:connect on ${resource}`;
  }
}

/**
 * What a policy must name for a login.
 *
 * @param arn of the instance or the proxy
 */
export function connectArn(arn: string, resourceId: string, user: string): string {
  const [, partition = '', , region = '', account = ''] = arn.split(':');
  return `arn:${partition}:rds-db:${region}:${account}:dbuser:${resourceId}/${user}`;
}
