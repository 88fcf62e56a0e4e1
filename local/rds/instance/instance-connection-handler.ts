import type { MariaDb } from '../../database/mariadb';
import type { ClientConnection } from '../protocol/client-connection';
import { serveDirectly } from './direct-session';
import type { ConnectionHandler } from '../protocol/connection-handler';
import type { IamAuthentication } from '../login/iam-authentication';
import { accessDenied, SECURE_TRANSPORT_REQUIRED } from '../protocol/mysql-errors';
import { Refused } from '../protocol/refused';
import { nativeHash } from '../protocol/scramble';
import { ServerConnection } from '../protocol/server-connection';
import { Translator } from './translator';

export interface InstanceConnectionHandlerOptions {
  readonly database: MariaDb;
  /** `undefined` if IAM database authentication is off. */
  readonly iam: IamAuthentication | undefined;
  /** The parameter `require_secure_transport`. */
  readonly requiresTls: boolean;
  /** The parameter `connect_timeout`, in seconds. */
  readonly connectTimeoutSeconds: number;
  readonly log: (line: string) => void;
}

/**
 * Selects the account for a user and address as the server does. Prefers a host without `%`, then the host with the longest text before
 * `%`.
 */
const SELECT_ACCOUNT = `SELECT JSON_VALUE(Priv, '$.authentication_string') AS hash FROM mysql.global_priv
  WHERE User = ? AND (? LIKE Host
    OR INET_ATON(?) & INET_ATON(SUBSTRING_INDEX(Host, '/', -1)) = INET_ATON(SUBSTRING_INDEX(Host, '/', 1)))
  ORDER BY LOCATE('%', Host) > 0, LOCATE('%', Host) DESC LIMIT 1`;

/**
 * Handles the connections of a DB instance. Users with AWSAuthenticationPlugin log in with a token; in MariaDB they have a
 * password that no client knows. All others log in with their own password. The handler checks tokens and `require_secure_transport`.
 * MariaDB, which knows the caller's address, checks everything else.
 */
export class InstanceConnectionHandler implements ConnectionHandler {
  constructor(private readonly options: InstanceConnectionHandlerOptions) {}

  get connectTimeoutSeconds(): number {
    return this.options.connectTimeoutSeconds;
  }

  async serve(client: ClientConnection, address: string): Promise<void> {
    const server = await ServerConnection.open(this.options.database.socket, address);
    try {
      await client.greet(server.threadId, { offersCompression: true });
      const password = await this.authenticate(client, address);
      const { loginPacket, isEncrypted } = client;
      const { database, iam, requiresTls } = this.options;
      const stream = await server.logIn({ loginPacket, password, isEncrypted });
      // MySQL checks require_secure_transport after the password and the account's REQUIRE SSL, so this check comes after the login:
      // see acl_authenticate in sql/auth/sql_authentication.cc.
      if (requiresTls && !isEncrypted) throw Refused.by(SECURE_TRANSPORT_REQUIRED);
      client.accept();
      await serveDirectly(client, stream, new Translator(database, iam !== undefined));
    } finally {
      server.close();
    }
  }

  /** @returns the password for the login to MariaDB: the one that the client sent or, for an IAM user, the one that all IAM users share */
  private async authenticate(client: ClientConnection, address: string): Promise<string> {
    const { database, iam, log } = this.options;
    const { user } = client.loginPacket;
    const [account] = await database.query<{ hash: string }>(SELECT_ACCOUNT, [user, address, address]);
    const isIamUser = account?.hash === nativeHash(database.iamPassword);
    if (!isIamUser) return client.askPassword();
    const refusal = iam ? await iam.refusalOf(client) : 'IAM database authentication of the instance is off';
    if (refusal === undefined) return database.iamPassword;
    log(`The login of '${user}'@'${address}' is refused: ${refusal}`);
    throw Refused.by(accessDenied(user, address));
  }
}
