import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findProgram } from '../../processes/find-program';
import { HOSTS, REGION } from './applied';
import { KEYS, type LocalDatabase, type Target } from './local-database';

const run = promisify(execFile);

/** Gives a program its own hosts file, in a temporary mount namespace. */
const WITH_HOSTS = 'mount --bind "$0" /etc/hosts && exec "$@"';

/** Addresses of the relays. */
const RELAYS = '127.0.4';
let relays = 0;

export interface StockLogin {
  readonly user: string;
  /** Password or token. */
  readonly password: string;
  /** @default - the authority of the endpoint */
  readonly ca?: Target;
  /** Name to connect to. @default - the endpoint's own */
  readonly host?: string;
}

/**
 * Stock clients: MariaDB's command line client, which Debian also calls `mysql`, and the AWS CLI.
 * They know the endpoints by name, verify certificates, and come from one address of the network.
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

  /** @param from loopback address of the caller; the client itself cannot choose it */
  static async start(local: LocalDatabase, from: string): Promise<StockClients> {
    const clients = new StockClients(local, from);
    const lines: string[] = [];
    for (const [target, host] of Object.entries(HOSTS)) {
      const address = `${RELAYS}.${(relays += 1)}`;
      const to = { host: local.network.hosts[host] ?? '', port: local.port, localAddress: from };
      const relay = createServer((socket) => {
        const onward = connect(to);
        socket.on('error', () => onward.destroy()).pipe(onward);
        onward.on('error', () => socket.destroy()).pipe(socket);
      }).listen(local.port, address);
      await once(relay, 'listening');
      clients.relays.push(relay);
      lines.push(`${address} ${host} other.example.com ${clients.otherName(target as Target)}`);
      await writeFile(clients.caFile(target as Target), local.authorityOf(target as Target));
    }
    await writeFile(clients.hostsFile, `${lines.join('\n')}\n`);
    return clients;
  }

  stop(): void {
    for (const relay of this.relays) relay.close();
  }

  /** Runs a statement. @returns the client's output, or its error */
  async query(target: Target, login: StockLogin, statement = 'SELECT CURRENT_USER()'): Promise<string> {
    const { user, password, ca = target, host = HOSTS[target] } = login;
    const client = program('mariadb', 'Install mariadb-client.');
    const words = [
      '--no-defaults',
      `--host=${host}`,
      `--port=${this.local.port}`,
      `--user=${user}`,
      `--ssl-ca=${this.caFile(ca)}`,
      '--ssl-verify-server-cert',
      '--connect-timeout=5',
      '--skip-column-names',
      '--batch',
      `--execute=${statement}`,
    ];
    const [unshare = '', ...wrapped] = this.inVpc([client, ...words]);
    const { stdout, stderr } = await run(unshare, wrapped, {
      env: { PATH: '/usr/bin:/bin', MYSQL_PWD: password },
    }).catch((error: unknown) => error as { stdout: string; stderr: string });
    return (stdout + stderr).trim();
  }

  /** Signs a token with the AWS CLI. */
  async token(target: Target, user: string): Promise<string> {
    const aws = program('aws', 'Install the AWS CLI, for example by `pip install awscli`.');
    const words = ['rds', 'generate-db-auth-token', '--hostname', HOSTS[target], '--port', String(this.local.port)];
    const env = {
      ...process.env,
      AWS_ACCESS_KEY_ID: KEYS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: KEYS.secretAccessKey,
      AWS_SESSION_TOKEN: KEYS.sessionToken,
      AWS_EC2_METADATA_DISABLED: 'true',
    };
    const { stdout } = await run(aws, [...words, '--region', REGION, '--username', user], { env });
    return stdout.trim();
  }

  /** Wraps a command so that it can resolve the endpoints' names. */
  inVpc(command: readonly string[]): string[] {
    const unshare = program('unshare', 'Install util-linux.');
    return [unshare, '--mount', '--map-root-user', 'sh', '-c', WITH_HOSTS, this.hostsFile, ...command];
  }

  /** Returns a name that resolves to an endpoint but is not in its certificate. */
  otherName(target: Target): string {
    return `${target.toLowerCase()}.example.com`;
  }

  /** Returns the file of the authority of an endpoint. */
  caFile(target: Target): string {
    return join(this.local.folder, `${target}.pem`);
  }
}

function program(name: string, remedy: string): string {
  const found = findProgram([name]);
  if (found === undefined) throw new Error(`${name} is needed by this test and is not on the PATH. ${remedy}`);
  return found;
}
