import type { Duplex } from 'node:stream';
import { Signer } from '@aws-sdk/rds-signer';
import type { Permissions } from '../../iam/permissions';
import { Refused } from '../protocol/refused';
import type { DbInstance, DbProxy } from '../resources';
import { AVAILABLE, unavailable, type TargetHealth } from './target-health';
import { logInByToken, NoIamUser, type TokenLogin } from '../login/token-login';
import type { ClientHello } from '../protocol/wire';

/** Assumes a role as an AWS service does. */
export type AssumeRole = (roleArn: string, session: string) => Promise<RoleCredentials>;

export interface RoleCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

export interface IamUpstreamOptions extends Pick<TokenLogin, 'port' | 'address' | 'from' | 'ca'> {
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
 * The login to the target of a proxy with the scheme IAM_AUTH. Like every IAM client, the proxy sends a token for the instance,
 * signed with the keys of the proxy's role. The instance checks the token.
 *
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy-iam-setup.html#rds-proxy-iam-setup-e2e-steps
 */
export class IamUpstream {
  constructor(private readonly options: IamUpstreamOptions) {}

  /**
   * Opens a connection for a user.
   *
   * @throws Refused with the instance's message; AWS does not document the proxy's message.
   */
  async open(hello: ClientHello): Promise<Duplex> {
    const { instance, proxy, ownAddress, log, port, address, from, ca } = this.options;
    const token = await this.token(hello.user);
    try {
      return await logInByToken({ host: instance.address ?? '', port, address, from, ca, hello, token });
    } catch (error) {
      if (!(error instanceof NoIamUser)) throw error;
      log(`The proxy ${proxy.name} cannot log in to ${instance.identifier}: ${error.message}`);
      throw Refused.accessDenied(hello.user, ownAddress);
    }
  }

  /**
   * Checks the settings of the role and the instance. The proxy cannot try a login, because it knows no user before a
   * client connects. AWS does not document what RDS Proxy checks.
   */
  health(): TargetHealth {
    const { instance, proxy } = this.options;
    if (!this.isTrusted()) return unavailable('AUTH_FAILURE', this.distrust());
    if (instance.iam_database_authentication_enabled) return AVAILABLE;
    const description = `IAM database authentication of ${instance.identifier} is off, and ${proxy.name} has the scheme IAM_AUTH`;
    return unavailable('AUTH_FAILURE', description);
  }

  private async token(username: string): Promise<string> {
    const { proxy, instance, assumeRole, port, ownAddress, log } = this.options;
    if (!this.isTrusted()) {
      log(this.distrust());
      throw Refused.accessDenied(username, ownAddress);
    }
    const credentials = await assumeRole(proxy.role_arn, proxy.name);
    const region = instance.arn.split(':')[3] ?? '';
    return new Signer({ hostname: instance.address ?? '', port, region, username, credentials }).getAuthToken();
  }

  private isTrusted(): boolean {
    const { permissions, proxy } = this.options;
    return permissions.trusts(proxy.role_arn, 'rds.amazonaws.com').outcome === 'allowed';
  }

  private distrust(): string {
    return `${this.options.proxy.role_arn} does not allow rds.amazonaws.com to assume it`;
  }
}
