import type { Duplex } from 'node:stream';
import { Signer } from '@aws-sdk/rds-signer';
import type { Permissions } from '../../iam/permissions';
import { accessDenied } from '../protocol/mysql-errors';
import { Refused } from '../protocol/refused';
import type { DbInstance, DbProxy } from '../resources';
import { roleFlaw } from './proxy-secrets';
import { AVAILABLE, unavailable, type TargetHealth } from './target-health';
import { logInByToken, NoIamUser, type TokenLogin } from '../login/token-login';
import type { LoginPacket } from '../protocol/wire';

/** Assumes a role as an AWS service does. */
export type AssumeRole = (roleArn: string, session: string) => Promise<RoleCredentials>;

export interface RoleCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

export interface IamUpstreamOptions {
  readonly login: Omit<TokenLogin, 'loginPacket' | 'token'>;
  readonly proxy: DbProxy;
  /** The target. */
  readonly instance: DbInstance;
  /** The proxy's own address in the VPC. */
  readonly ownAddress: string;
  readonly permissions: Permissions;
  readonly assumeRole: AssumeRole;
  readonly log: (line: string) => void;
}

/**
 * Opens connections to the target of a proxy with the scheme IAM_AUTH. Like every IAM client, the proxy sends a token for the
 * instance, signed with the keys of the proxy's role. The instance checks the token.
 *
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy-iam-setup.html#rds-proxy-iam-setup-e2e-steps
 */
export class IamUpstream {
  constructor(private readonly options: IamUpstreamOptions) {}

  /**
   * Opens a connection for a user.
   *
   * @throws Refused with the instance's message if the instance refuses the login.
   * @throws Refused with ER_ACCESS_DENIED_ERROR if the role is unusable or the user is no IAM user. AWS does not document which
   * message a proxy sends then.
   */
  async open(loginPacket: LoginPacket): Promise<Duplex> {
    const { login, instance, proxy } = this.options;
    const token = await this.token(loginPacket.user);
    try {
      return await logInByToken({ ...login, loginPacket, token });
    } catch (error) {
      if (!(error instanceof NoIamUser)) throw error;
      const reason = `The proxy '${proxy.name}' cannot log in to ${instance.identifier}: ${error.message}`;
      throw this.refused(loginPacket.user, reason);
    }
  }

  /**
   * Checks the settings of the role and the instance. The proxy cannot try a login, because it knows no user before a
   * client connects. AWS does not document what RDS Proxy checks.
   */
  health(): TargetHealth {
    const { instance, proxy, permissions } = this.options;
    const flaw = roleFlaw(proxy, permissions);
    if (flaw !== undefined) return unavailable('AUTH_FAILURE', flaw);
    if (instance.iam_database_authentication_enabled) return AVAILABLE;
    const description = `IAM database authentication of ${instance.identifier} is off, and the proxy '${proxy.name}' has the scheme IAM_AUTH`;
    return unavailable('AUTH_FAILURE', description);
  }

  private async token(username: string): Promise<string> {
    const { login, proxy, permissions, instance, assumeRole } = this.options;
    const flaw = roleFlaw(proxy, permissions);
    if (flaw !== undefined) throw this.refused(username, flaw);
    const credentials = await assumeRole(proxy.role_arn, proxy.name);
    const region = instance.arn.split(':')[3] ?? '';
    return new Signer({ hostname: login.host, port: login.port, region, username, credentials }).getAuthToken();
  }

  /** Logs the reason. The answer to the client does not contain it. */
  private refused(user: string, reason: string): Refused {
    this.options.log(reason);
    return Refused.by(accessDenied(user, this.options.ownAddress));
  }
}
