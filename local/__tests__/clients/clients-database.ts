import type { Connection } from 'mysql2/promise';
import { HOSTS } from '../support/applied';
import { LocalDatabase } from '../support/local-database';
import { StockClients } from '../support/stock-clients';
import type { MysqlClient } from './catalogue';
import { checks, judge, TEXT, type Outcome, type LoginWay } from './checks';
import type { ClientCheck } from './output-line';
import { runProgram } from './run-program';

/**
 * Makes a query that takes 12 s: it sleeps 0.1 s for each of 120 rows. The sleeps are short, because a cancelled query fails only
 * between two rows.
 */
const slowStatement = (owner: string): string => `SELECT SUM(SLEEP(0.1)), '${owner}' FROM numbers`;

const SCHEMA = [
  'CREATE DATABASE app',
  ...['notes', 'texts'].map((name) => `CREATE TABLE app.${name} (owner VARCHAR(80) PRIMARY KEY, body LONGTEXT)`),
  'CREATE TABLE app.files (owner VARCHAR(80) PRIMARY KEY, body LONGBLOB)',
  'CREATE TABLE app.numbers (n INT PRIMARY KEY)',
  `INSERT INTO app.numbers VALUES ${Array.from({ length: 120 }, (_, n) => `(${n})`).join(', ')}`,
  "CREATE USER 'timestamps'@'10.20.%' IDENTIFIED WITH caching_sha2_password BY 'first password'",
  "CREATE USER items@'%' IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL",
  "GRANT ALL ON app.* TO 'timestamps'@'10.20.%'",
  "GRANT ALL ON app.* TO items@'%'",
];

const withWrongSignature = (token: string): string =>
  token.replace(/(?<=X-Amz-Signature=)./, (digit) => (digit === '0' ? '1' : '0'));

/** Results of one client for one way to log in. */
export interface WayResults {
  readonly way: LoginWay;
  readonly version: string;
  readonly outcomes: Readonly<Record<ClientCheck, Outcome>>;
}

/** The endpoints of a deployment, with the users and tables that the clients' test programs need. */
export class ClientsDatabase {
  private constructor(
    private readonly local: LocalDatabase,
    private readonly stock: StockClients,
    private readonly master: Connection,
  ) {}

  static async start(): Promise<ClientsDatabase> {
    const local = await LocalDatabase.start();
    const stock = await StockClients.start(local, local.functionAddress);
    const master = await local.connectAsMaster();
    for (const statement of SCHEMA) await master.query(statement);
    return new ClientsDatabase(local, stock, master);
  }

  async stop(): Promise<void> {
    await this.master.end();
    this.stock.stop();
    await this.local.stop();
  }

  /** Runs a client's checks for one way to log in. Nothing else may use the endpoint: one check closes all connections to it. */
  async runChecks(client: MysqlClient, way: LoginWay): Promise<WayResults> {
    // The rows of the client's test program have this key. The program's slow statement contains it too.
    const owner = `${client.name} ${way.target} ${way.user}`;
    const slow = { isExecuting: false };
    const result = await runProgram({
      command: this.stock.withHosts(client.command),
      environment: { ...client.environment, ...(await this.environment(way, owner)) },
      closeConnections: () => this.local.endpoints.faultsAt(HOSTS[way.target])?.timeOut(),
      afterCheck: async (check) => {
        if (check === 'cancel') slow.isExecuting = !(await this.endsSoon(slowStatement(owner)));
      },
    });
    const outcomes = Object.fromEntries(
      (Object.keys(checks) as ClientCheck[]).map((check) => [check, judge(check, way, result)] as const),
    ) as Record<ClientCheck, Outcome>;
    if (slow.isExecuting) outcomes.cancel = { failure: 'the server still executes the statement' };
    return { way, version: result.version, outcomes };
  }

  private async environment({ target, usesIam, user }: LoginWay, owner: string): Promise<Record<string, string>> {
    const secret = usesIam ? await this.local.token(target, user) : 'first password';
    return {
      DB_HOST: HOSTS[target],
      DB_OTHER_HOST: this.stock.otherName(target),
      DB_PORT: String(this.local.port),
      DB_USER: user,
      DB_SECRET: secret,
      DB_WRONG_SECRET: usesIam ? withWrongSignature(secret) : 'wrong',
      DB_IAM: usesIam ? '1' : '',
      DB_CA: this.stock.caFile(target),
      DB_OWNER: owner,
      DB_TEXT: TEXT,
      DB_SLOW_STATEMENT: slowStatement(owner),
      // Java uses this locale to decode the environment.
      LC_ALL: 'C.UTF-8',
    };
  }

  /** Returns whether a statement ends on the server within 5 s. Without a cancel, the slow statement takes 12 s. */
  private async endsSoon(statement: string): Promise<boolean> {
    for (let tries = 0; tries < 20; tries += 1) {
      const rows = await this.local.database.query(
        'SELECT ID FROM information_schema.PROCESSLIST WHERE INFO LIKE CONCAT(?, "%")',
        [statement],
      );
      if (rows.length === 0) return true;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    return false;
  }
}
