import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { json } from 'node:stream/consumers';
import { findAwsCli } from '../../../start/tools/aws-cli';
import { findTerraform } from '../../../local';
import { localEnvironment } from '../../../local/__tests__/support';
import { allFeatures } from '../../support/stack';
import type { RunningDeployment } from './running-deployment';

const TRUST_STORE = 'truststore.pki.rds.amazonaws.com';

/**
 * Mounts the file of the first argument over /etc/hosts and runs the remaining arguments as a command. Only the command sees
 * that file, because `unshare` runs this script in a separate mount namespace.
 */
const RUN_WITH_HOSTS_FILE = 'mount --bind "$0" /etc/hosts && exec "$@"';

/** The AWS CLI's request to Session Manager. */
export interface StartSession {
  readonly Target: string;
  readonly DocumentName?: string;
  readonly Parameters?: Readonly<Record<string, readonly string[]>>;
}

/** Result of a pasted line. */
export interface PasteResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * A colleague's computer. It connects from 127.0.0.1, which counts as an address of the first office in `edge.allowlist`. Its home
 * directory has a space in its path and no checkout of the project. The computer has the programs `mysql`, `aws`, `curl`, `terraform`
 * and `node`. It also has replacements for what the local AWS lacks: AWS's trust store, Session Manager, and the plugin with which
 * the AWS CLI forwards a port. The plugin connects from the address of the deployment's client host, as the agent on that
 * host does.
 */
export class Laptop {
  /** The request for each session that Session Manager started. */
  readonly sessions: StartSession[] = [];

  private readonly home = mkdtempSync(join(tmpdir(), 'home of a colleague '));
  private readonly programs = join(this.home, 'programs');
  private readonly hosts = join(this.home, 'hosts');
  private readonly servers: Server[] = [];
  private awsConfig = '';
  private sessionManagerUrl = '';

  private constructor(private readonly running: RunningDeployment) {}

  /** @param mysql path of the program that the laptop runs as `mysql` */
  static async start(running: RunningDeployment, mysql: string): Promise<Laptop> {
    const laptop = new Laptop(running);
    mkdirSync(laptop.programs);
    mkdirSync(laptop.folder);
    writeFileSync(laptop.hosts, `127.0.0.1 localhost\n${laptop.hostsLine}\n`);
    laptop.install('mysql', `exec '${mysql}' "$@"`);
    laptop.install('aws', `exec '${findAwsCli()}' "$@"`);
    // This `sudo` only runs its command, because pasted lines already run as root: `unshare` maps the user to root.
    laptop.install('sudo', 'exec "$@"');
    laptop.installPlugin();
    await laptop.installTerraform();
    await laptop.serveTrustStore();
    laptop.useCredentials();
    await laptop.serveSessionManager();
    return laptop;
  }

  stop(): void {
    for (const server of this.servers) server.close();
    rmSync(this.home, { recursive: true });
  }

  /** Sets the identity of the AWS CLI. @param roleArn a role to assume. @default - an administrator */
  useCredentials(roleArn?: string): void {
    const { url } = this.running.deployment.aws;
    const keys = 'aws_access_key_id = local\naws_secret_access_key = local\n';
    // The default region is not the deployment's, so pasted lines work only if they name the deployment's region.
    const common = `region = us-west-2\nendpoint_url = ${url}\nservices = here\n`;
    // The CLI caches a role's credentials by session name, so the name must be new.
    const role = `role_arn = ${roleArn ?? ''}\nrole_session_name = laptop-${Date.now()}\nsource_profile = keys\n`;
    this.awsConfig = `[default]\n${roleArn === undefined ? keys : role}${common}[profile keys]\n${keys}${common}`;
    this.writeConfig();
  }

  /** Runs a line in a shell, and waits for its end. @param input its standard input */
  async paste(line: string, input = '', shell = 'bash'): Promise<PasteResult> {
    const child = this.runInShell(line, shell);
    let [stdout, stderr] = ['', ''];
    child.stdout?.on('data', (data: Buffer) => (stdout += data.toString()));
    child.stderr?.on('data', (data: Buffer) => (stderr += data.toString()));
    // A line may end before it reads its input. Then writing fails, which is no failure of the line.
    child.stdin?.on('error', () => undefined).end(input);
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, stdout: stdout.trim(), stderr: stderr.trim() };
  }

  /** Runs a line in the background, and waits until its output matches `ready`. @returns a function that ends its process */
  async pasteInBackground(line: string, ready: RegExp): Promise<() => void> {
    const child = this.runInShell(line, 'bash');
    let output = '';
    await new Promise<void>((resolve, reject) => {
      const read = (data: Buffer): void => {
        output += data.toString();
        if (ready.test(output)) resolve();
      };
      child.stdout?.on('data', read);
      child.stderr?.on('data', read);
      child.on('close', () => reject(new Error(`${line} ended before its output matched ${ready}: ${output}`)));
    });
    return () => {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
    };
  }

  /** Working directory of the pasted lines. */
  private get folder(): string {
    return join(this.home, 'somewhere else');
  }

  /** Line of the hosts file that maps the instance's host name to its loopback address. */
  private get hostsLine(): string {
    const { address } = this.running.one('aws_db_instance');
    return `${this.running.deployment.aws.endpoints.hosts[address] ?? ''} ${address}`;
  }

  private runInShell(line: string, shell: string): ChildProcess {
    const args = ['--mount', '--map-root-user', 'sh', '-c', RUN_WITH_HOSTS_FILE, this.hosts, shell, '-c', line];
    const PATH = [this.programs, '/usr/bin', '/bin', dirname(process.execPath)].join(':');
    const env = {
      PATH,
      HOME: this.home,
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_CONFIG_FILE: join(this.home, 'aws-config'),
    };
    return spawn('unshare', args, { cwd: this.folder, env, detached: true });
  }

  private install(name: string, script: string, interpreter = '/bin/sh'): void {
    const path = join(this.programs, name);
    writeFileSync(path, `#!${interpreter}\n${script}\n`);
    chmodSync(path, 0o755);
  }

  /** Installs Terraform with the endpoint and credentials of the local AWS. To save time, an apply does not refresh the state. */
  private async installTerraform(): Promise<void> {
    const { path } = await findTerraform();
    const environment = Object.entries(localEnvironment(this.running.deployment.aws.url));
    const added = environment.filter(([name]) => /^(AWS|TF|CHECKPOINT)_/.test(name));
    const variables = added.map(([name, value = '']) => `${name}='${value}'`);
    this.install('terraform', `exec env ${variables.join(' ')} TF_CLI_ARGS_apply=-refresh=false '${path}' "$@"`);
  }

  /** Installs a replacement for https://github.com/aws/session-manager-plugin. The AWS CLI first runs it with `--version`. */
  private installPlugin(): void {
    const { network, endpoints } = this.running.deployment.aws;
    const plugin = `
const { createServer, connect } = require('node:net');
if (process.argv[2] === '--version') { console.log('1.2.707.0'); process.exit(); }
const { Parameters: { host: [host], portNumber: [port], localPortNumber: [local] } } = JSON.parse(process.argv[6]);
const address = ${JSON.stringify(endpoints.hosts)}[host];
createServer((client) => {
  const server = connect({ host: address, port: Number(port), localAddress: '${network.ec2Instance}' });
  client.on('error', () => server.destroy()).pipe(server);
  server.on('error', () => client.destroy()).pipe(client);
}).listen(Number(local), '127.0.0.1', () => console.log('Waiting for connections...'));`;
    this.install('session-manager-plugin', plugin, process.execPath);
  }

  /** Serves AWS's trust store, and configures curl to connect to it and to trust its certificate authority. */
  private async serveTrustStore(): Promise<void> {
    const { instance, amazon } = this.running.deployment.aws.authorities;
    const { region } = allFeatures;
    const server = createHttpsServer(await amazon.issue(TRUST_STORE), ({ url }, response) => {
      const isBundle = url === `/${region}/${region}-bundle.pem`;
      response.writeHead(isBundle ? 200 : 403).end(isBundle ? instance.pem : '');
    });
    const port = await this.listen(server);
    const authority = join(this.home, 'authority.pem');
    writeFileSync(authority, amazon.pem);
    writeFileSync(
      join(this.home, '.curlrc'),
      `connect-to = ${TRUST_STORE}:443:127.0.0.1:${port}\ncacert = "${authority}"\n`,
    );
  }

  private async serveSessionManager(): Promise<void> {
    const server = createHttpServer((request, response) => {
      void json(request).then((body) => {
        this.sessions.push(body as StartSession);
        const session = { SessionId: 'laptop-0a1b2c', TokenValue: 'token', StreamUrl: 'wss://ssmmessages.example.com' };
        response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(session));
      });
    });
    this.sessionManagerUrl = `http://127.0.0.1:${await this.listen(server)}`;
    this.writeConfig();
  }

  private writeConfig(): void {
    const services = `[services here]\nssm =\n  endpoint_url = ${this.sessionManagerUrl}\n`;
    writeFileSync(join(this.home, 'aws-config'), `${this.awsConfig}${services}`);
  }

  private async listen(server: Server): Promise<number> {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    this.servers.push(server);
    return (server.address() as AddressInfo).port;
  }
}
