import { notAuthorized } from '../../iam/evaluate';
import type { Permissions } from '../../iam/permissions';
import type { DbProxy, ProxyAuth } from '../resources';

/** Returns the text of a secret's current version. */
export type ReadSecret = (arn: string) => Promise<string>;

/** A user and password with which a proxy logs in to the database, and the `auth` block of their secret. */
export interface ProxyCredentials {
  readonly auth: ProxyAuth;
  readonly user: string;
  readonly password: string;
}

/** Returns why RDS cannot use the role of a proxy, or `undefined` if it can. */
export function roleFlaw({ role_arn }: DbProxy, permissions: Permissions): string | undefined {
  const isTrusted = permissions.trusts(role_arn, 'rds.amazonaws.com').outcome === 'allowed';
  return isTrusted ? undefined : `${role_arn} does not allow rds.amazonaws.com to assume it`;
}

/** The secrets that the role of a proxy may read. */
export class ProxySecrets {
  constructor(
    private readonly proxy: DbProxy,
    private readonly permissions: Permissions,
    private readonly read: ReadSecret,
    private readonly log: (line: string) => void,
  ) {}

  /** Reads the secrets one by one. Each call reads them again, to notice a rotation. Logs why it omits a secret. */
  async *credentials(): AsyncGenerator<ProxyCredentials> {
    for (const auth of this.proxy.auth) {
      const result = await this.credentialsIn(auth);
      if (typeof result === 'string') this.log(result);
      else yield result;
    }
  }

  /** Returns the credentials in a secret, or why the proxy cannot use it. */
  private async credentialsIn(auth: ProxyAuth): Promise<ProxyCredentials | string> {
    const { role_arn } = this.proxy;
    const { secret_arn } = auth;
    const flaw = roleFlaw(this.proxy, this.permissions);
    if (flaw !== undefined) return flaw;
    if (!this.permissions.allows(role_arn, 'secretsmanager:GetSecretValue', secret_arn)) {
      return `${role_arn} ${notAuthorized('secretsmanager:GetSecretValue', secret_arn)}`;
    }
    const content = await this.read(secret_arn).then(parse, String);
    if (typeof content === 'string') return `The secret ${secret_arn} cannot be read: ${content}`;
    const { username: user, password } = content;
    if (typeof user !== 'string') return `The secret ${secret_arn} has no username`;
    if (typeof password !== 'string') return `The secret ${secret_arn} has no password`;
    return { auth, user, password };
  }
}

/** Returns the fields of a secret, or why it has none. SECURITY: omits the error of JSON.parse, which quotes the secret. */
function parse(text: string): Readonly<Record<string, unknown>> | string {
  try {
    const content: unknown = JSON.parse(text);
    return typeof content === 'object' && content !== null ? { ...content } : 'it is not a JSON object';
  } catch {
    return 'it is not JSON';
  }
}
