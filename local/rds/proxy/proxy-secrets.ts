import { notAuthorized } from '../../iam/evaluate';
import type { Permissions } from '../../iam/permissions';
import type { DbProxy, ProxyAuth } from '../resources';

/** Returns the text of a secret's current version. */
export type ReadSecret = (arn: string) => Promise<string>;

/** A password with which a proxy logs in to the database, and the `auth` block of its secret. */
export interface ProxyCredentials {
  readonly auth: ProxyAuth;
  readonly password: string;
}

/** The secrets of a proxy that its role may read. */
export class ProxySecrets {
  constructor(
    private readonly proxy: DbProxy,
    private readonly permissions: Permissions,
    private readonly read: ReadSecret,
    private readonly log: (line: string) => void,
  ) {}

  /** Reads the credentials of a user each time, to notice a rotation immediately; `undefined` if no secret has them. */
  async of(user: string): Promise<ProxyCredentials | undefined> {
    for (const auth of this.proxy.auth) {
      const { username, password } = await this.contentOf(auth.secret_arn);
      if (username === user && typeof password === 'string') return { auth, password };
    }
    return undefined;
  }

  /** Lists the users with readable credentials, and their passwords. */
  async all(): Promise<readonly { readonly user: string; readonly password: string }[]> {
    const contents = await Promise.all(this.proxy.auth.map(({ secret_arn }) => this.contentOf(secret_arn)));
    return contents.flatMap(({ username: user, password }) =>
      typeof user === 'string' && typeof password === 'string' ? [{ user, password }] : [],
    );
  }

  private async contentOf(arn: string): Promise<Readonly<Record<string, unknown>>> {
    const { role_arn } = this.proxy;
    if (this.permissions.trusts(role_arn, 'rds.amazonaws.com').outcome !== 'allowed') {
      this.log(`${role_arn} does not allow rds.amazonaws.com to assume it`);
      return {};
    }
    if (!this.permissions.allows(role_arn, 'secretsmanager:GetSecretValue', arn)) {
      this.log(`${role_arn} ${notAuthorized('secretsmanager:GetSecretValue', arn)}`);
      return {};
    }
    const content = await this.read(arn).then(parse, (error: unknown) => String(error));
    if (typeof content === 'string') {
      this.log(`The secret ${arn} cannot be read: ${content}`);
      return {};
    }
    for (const key of ['username', 'password']) {
      if (typeof content[key] !== 'string') this.log(`The secret ${arn} has no ${key}`);
    }
    return content;
  }
}

/** SECURITY: an error of JSON.parse would quote the secret. */
function parse(text: string): Readonly<Record<string, unknown>> | string {
  try {
    const content: unknown = JSON.parse(text);
    return typeof content === 'object' && content !== null ? { ...content } : 'it is not a JSON object';
  } catch {
    return 'it is not JSON';
  }
}
