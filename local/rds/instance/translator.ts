import type { MariaDb } from '../../database/mariadb';
import { hashesOf, passwordStatement } from './dual-password';
import type { Packet } from '../protocol/packets';
import { isAboutUsers, refuse, refuseClientFile, translateNames, translateUser } from '../sql/translation';
import { Command } from '../protocol/wire';

const SELECT_PRIV = 'SELECT CONVERT(Priv USING utf8mb4) AS priv FROM mysql.global_priv WHERE User = ? AND Host = ?';

/** Translates commands of MySQL clients for MariaDB. */
export class Translator {
  /** @param hasIam whether IAM database authentication is on. If not, statements with AWSAuthenticationPlugin fail, as on RDS. */
  constructor(
    private readonly database: MariaDb,
    private readonly hasIam: boolean,
  ) {}

  /** Returns the payload to send to MariaDB in place of a client's payload. */
  async translate({ sequence, payload }: Packet): Promise<Buffer> {
    const isStatement = payload[0] === Command.QUERY || payload[0] === Command.STMT_PREPARE;
    // A packet that continues another one, or holds a file, is not a command.
    if (sequence !== 0 || !isStatement) return payload;
    const statement = payload.toString('utf8', 1);
    // SQL to which MariaDB answers with MySQL's error.
    const failingText = refuse(statement) ?? (await this.refuseDisabledClientFile(statement));
    // QUERY can replace STMT_PREPARE, because both have the same error packet.
    if (failingText !== undefined) return Buffer.concat([Buffer.from([Command.QUERY]), Buffer.from(failingText)]);
    const translated = await this.translateStatement(statement);
    return translated === statement ? payload : Buffer.concat([payload.subarray(0, 1), Buffer.from(translated)]);
  }

  private async refuseDisabledClientFile(statement: string): Promise<string | undefined> {
    const failingText = refuseClientFile(statement);
    if (failingText === undefined) return undefined;
    const [setting] = await this.database.query<{ isOn: number }>('SELECT @@GLOBAL.local_infile AS isOn');
    return setting?.isOn === 1 ? undefined : failingText;
  }

  private async translateStatement(statement: string): Promise<string> {
    if (!isAboutUsers(statement)) return translateNames(statement);
    const passwords = passwordStatement(statement);
    if (passwords === undefined) return translateUser(statement, this.hasIam ? this.database.iamPassword : undefined);
    const [stored] = await this.database.query<{ priv: string }>(SELECT_PRIV, [passwords.user, passwords.host]);
    return passwords.translate(hashesOf(stored?.priv ?? '{}'));
  }
}
