import { randomBytes } from 'node:crypto';
import type { MariaDb } from '../database/mariadb';
import { hashesOf, nativeHash, passwordStatement, type PasswordHashes } from './dual-password';
import { refusalOf, type TokenAudience } from './token';

/** How a user proves who it is: by a token in clear text, or by the password itself. */
export type Proof = 'mysql_clear_password' | 'caching_sha2_password';

/** Decides who may come in at an endpoint. */
export interface Gate {
  proofOf(user: string): Promise<Proof>;
  /** The password to log in to the database with; `undefined` where the proof is not good enough. */
  admit(user: string, proof: string): Promise<string | undefined>;
  /** What MySQL statements become for a server that lacks what RDS has. */
  translate(statement: string): Promise<string>;
}

/** What RDS Proxy reads of its secret. */
export interface ProxySecret {
  readonly username: string;
  readonly password: string;
}

const unchanged = (statement: string): Promise<string> => Promise.resolve(statement);

/**
 * The gate of an instance. A user of AWSAuthenticationPlugin, which MariaDB lacks, is kept there as one with a password
 * that only this gate knows: in front of it such a user needs a token, behind it the server does the rest.
 */
export class InstanceGate implements Gate {
  private readonly password = randomBytes(24).toString('hex');
  private readonly marker = nativeHash(this.password);

  constructor(
    private readonly server: MariaDb,
    private readonly audience: TokenAudience,
    private readonly log: (line: string) => void = () => undefined,
  ) {}

  async proofOf(user: string): Promise<Proof> {
    const admin = await this.server.admin();
    try {
      const [rows] = await admin.query('SELECT authentication_string AS hash FROM mysql.user WHERE User = ?', [user]);
      const isIam = (rows as { hash: string }[]).some(({ hash }) => hash === this.marker);
      return isIam ? 'mysql_clear_password' : 'caching_sha2_password';
    } finally {
      await admin.end();
    }
  }

  async admit(user: string, proof: string): Promise<string | undefined> {
    if ((await this.proofOf(user)) === 'caching_sha2_password') return proof;
    const refusal = refusalOf(proof, user, this.audience);
    if (refusal !== undefined) this.log(`The token of ${user} is refused: ${refusal}`);
    return refusal === undefined ? this.password : undefined;
  }

  async translate(statement: string): Promise<string> {
    const passwords = passwordStatement(statement);
    if (passwords) return passwords.translate(await this.hashesOf(passwords));
    return statement
      .replace(/IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS'/i, `IDENTIFIED BY '${this.password}'`)
      .replace(/IDENTIFIED WITH caching_sha2_password BY/i, 'IDENTIFIED BY');
  }

  private async hashesOf({ user, host }: { user: string; host: string }): Promise<PasswordHashes> {
    const admin = await this.server.admin();
    try {
      const query = 'SELECT CONVERT(Priv USING utf8mb4) AS priv FROM mysql.global_priv WHERE User = ? AND Host = ?';
      const [rows] = await admin.query(query, [user, host]);
      return hashesOf((rows as { priv: string }[])[0]?.priv ?? '{}');
    } finally {
      await admin.end();
    }
  }
}

/** The gate of a proxy: it compares with its secret, or checks a token, and logs in with its secret either way. */
export class ProxyGate implements Gate {
  readonly translate = unchanged;

  constructor(
    private readonly iamAuth: 'REQUIRED' | 'DISABLED',
    private readonly audience: TokenAudience,
    private readonly secret: () => Promise<ProxySecret>,
    private readonly log: (line: string) => void = () => undefined,
  ) {}

  proofOf(): Promise<Proof> {
    return Promise.resolve(this.iamAuth === 'REQUIRED' ? 'mysql_clear_password' : 'caching_sha2_password');
  }

  async admit(user: string, proof: string): Promise<string | undefined> {
    const { username, password } = await this.secret();
    if (user !== username) return undefined;
    if (this.iamAuth === 'DISABLED') return proof === password ? password : undefined;
    const refusal = refusalOf(proof, user, this.audience);
    if (refusal !== undefined) this.log(`The token of ${user} is refused: ${refusal}`);
    return refusal === undefined ? password : undefined;
  }
}
