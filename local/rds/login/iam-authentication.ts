import { notAuthorized } from '../../iam/evaluate';
import type { Permissions } from '../../iam/permissions';
import type { ClientConnection } from '../protocol/client-connection';
import { checkToken, type CredentialsOf } from './token';

export interface IamAuthenticationOptions {
  readonly host: string;
  readonly port: number;
  /** ARN of the instance or the proxy. */
  readonly arn: string;
  /** Resource id in policies: `db-…` of an instance, `prx-…` of a proxy. */
  readonly resourceId: string;
  readonly credentialsOf: CredentialsOf;
  readonly permissions: Permissions;
  /** The endpoint's clock. */
  readonly now: () => Date;
}

/**
 * IAM database authentication at one endpoint. The token must be signed for this endpoint, and the role that signed it needs
 * `rds-db:connect` for the user.
 *
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.IAMPolicy.html
 */
export class IamAuthentication {
  constructor(private readonly options: IamAuthenticationOptions) {}

  /** Asks a client with TLS for its token. Returns why the login is refused, or `undefined` if it is accepted. */
  async refusalOf(client: ClientConnection): Promise<string | undefined> {
    if (!client.isEncrypted) return 'a token requires TLS';
    return this.refusalOfToken(await client.askToken(), client.loginPacket.user);
  }

  /** Returns why a token is refused for a user, or `undefined` if it is accepted. */
  refusalOfToken(token: string, user: string): string | undefined {
    const { host, port, arn, resourceId, credentialsOf, permissions, now } = this.options;
    const region = arn.split(':')[3] ?? '';
    const signer = checkToken(token, user, { host, port, region, credentialsOf }, now());
    if (typeof signer === 'string') return signer;
    const resource = connectArn(arn, resourceId, user);
    if (permissions.allows(signer.roleArn, 'rds-db:connect', resource)) return undefined;
    return `${signer.roleArn} ${notAuthorized('rds-db:connect', resource)}`;
  }
}

/** Returns the resource that a policy must name for a login. @param arn ARN of the instance or the proxy */
export function connectArn(arn: string, resourceId: string, user: string): string {
  const [, partition = '', , region = '', account = ''] = arn.split(':');
  return `arn:${partition}:rds-db:${region}:${account}:dbuser:${resourceId}/${user}`;
}
