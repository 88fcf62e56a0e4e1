import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findProgram } from '../../processes/find-program';
import { HOSTS, REGION } from './applied';
import { FUNCTION_CREDENTIALS, type LocalDatabase, type EndpointName } from './local-database';

const executeFile = promisify(execFile);

/** Gives a program its own hosts file, in a temporary mount namespace. */
const WITH_HOSTS = 'mount --bind "$0" /etc/hosts && exec "$@"';

/** First three octets of the relays' addresses. */
const RELAY_NETWORK = '127.0.4';
let relayCount = 0;

export interface StockLogin {
  readonly user: string;
  /** Password or token. */
  readonly password: string;
  /** Endpoint whose authority the client trusts. @default - the endpoint that the client connects to */
  readonly trusted?: EndpointName;
  /** Host name to connect to. @default - the host name of the endpoint */
  readonly host?: string;
}

/**
 * Stock clients: MariaDB's command line client, which Debian also calls `mysql`, and the AWS CLI, which signs tokens for it.
 * MariaDB's client connects to the endpoints by name and verifies certificates. It cannot choose its source address, so each name
 * resolves to a relay, which connects to the endpoint from the address given to `start`. `withHosts` lets other programs use the
 * relays too.
 */
export class StockClients {
  private readonly relays: Server[] = [];

  private readonly hostsFile: string;

  private constructor(
    private readonly local: LocalDatabase,
    from: string,
  ) {
    this.hostsFile = join(local.folder, `hosts-${from}`);
  }

  /** @param from loopback address from which the relays connect to the endpoints */
  static async start(local: LocalDatabase, from: string): Promise<StockClients> {
    const clients = new StockClients(local, from);
    const lines: string[] = [];
    for (const [name, host] of Object.entries(HOSTS) as [EndpointName, string][]) {
      const address = `${RELAY_NETWORK}.${(relayCount += 1)}`;
      const endpoint = { host: local.loopbackOf(name), port: local.port, localAddress: from };
      const relay = createServer((socket) => {
        const onward = connect(endpoint);
        socket.on('error', () => onward.destroy()).pipe(onward);
        onward.on('error', () => socket.destroy()).pipe(socket);
      }).listen(local.port, address);
      await once(relay, 'listening');
      clients.relays.push(relay);
      lines.push(`${address} ${host} ${clients.otherName(name)}`);
      await writeFile(clients.caFile(name), local.authorityOf(name));
    }
    await writeFile(clients.hostsFile, `${lines.join('\n')}\n`);
    return clients;
  }

  stop(): void {
    for (const relay of this.relays) relay.close();
  }

  /** Runs a statement with MariaDB's client. @returns its output, or its error */
  async query(endpoint: EndpointName, login: StockLogin, statement = 'SELECT CURRENT_USER()'): Promise<string> {
    const { user, password, trusted = endpoint, host = HOSTS[endpoint] } = login;
    const client = requireProgram('mariadb', 'Install mariadb-client.');
    const options = [
      '--no-defaults',
      `--host=${host}`,
      `--port=${this.local.port}`,
      `--user=${user}`,
      `--ssl-ca=${this.caFile(trusted)}`,
      '--ssl-verify-server-cert',
      '--connect-timeout=5',
      '--skip-column-names',
      '--batch',
      `--execute=${statement}`,
    ];
    const [unshare = '', ...wrapped] = this.withHosts([client, ...options]);
    const { stdout, stderr } = await executeFile(unshare, wrapped, {
      env: { PATH: '/usr/bin:/bin', MYSQL_PWD: password },
    }).catch((error: unknown) => error as { stdout: string; stderr: string });
    return (stdout + stderr).trim();
  }

  /** Signs a token with the AWS CLI. */
  async token(endpoint: EndpointName, user: string): Promise<string> {
    const aws = requireProgram('aws', 'Install the AWS CLI, for example by `pip install awscli`.');
    const command = ['rds', 'generate-db-auth-token', '--hostname', HOSTS[endpoint], '--port', String(this.local.port)];
    const env = {
      ...process.env,
      AWS_ACCESS_KEY_ID: FUNCTION_CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: FUNCTION_CREDENTIALS.secretAccessKey,
      AWS_SESSION_TOKEN: FUNCTION_CREDENTIALS.sessionToken,
      AWS_EC2_METADATA_DISABLED: 'true',
    };
    const { stdout } = await executeFile(aws, [...command, '--region', REGION, '--username', user], { env });
    return stdout.trim();
  }

  /** Wraps a command so that it can resolve the endpoints' names. */
  withHosts(command: readonly string[]): string[] {
    const unshare = requireProgram('unshare', 'Install util-linux.');
    return [unshare, '--mount', '--map-root-user', 'sh', '-c', WITH_HOSTS, this.hostsFile, ...command];
  }

  /** Returns a name that resolves to an endpoint but is not in its certificate. */
  otherName(endpoint: EndpointName): string {
    return `${endpoint.toLowerCase()}.example.com`;
  }

  /** Returns the path of the file with the certificate of an endpoint's authority. */
  caFile(endpoint: EndpointName): string {
    return join(this.local.folder, `${endpoint}.pem`);
  }
}

/** Returns the path of a program. @throws Error with the remedy if the program is not on the PATH */
function requireProgram(name: string, remedy: string): string {
  const path = findProgram([name]);
  if (path === undefined) throw new Error(`${name} is needed by this test and is not on the PATH. ${remedy}`);
  return path;
}
