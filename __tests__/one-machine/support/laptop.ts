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
import type { RunningDeployment } from './running-deployment';

const TRUST_STORE = 'truststore.pki.rds.amazonaws.com';

/** Runs a shell with its own hosts file, in a temporary mount namespace. */
const WITH_HOSTS = 'mount --bind "$0" /etc/hosts && exec "$@"';

/** The AWS CLI's request to Session Manager. */
export interface StartSession {
  readonly Target: string;
  readonly DocumentName?: string;
  readonly Parameters?: Readonly<Record<string, readonly string[]>>;
}

export interface LaptopProps {
  readonly running: RunningDeployment;
  /** The program that is called `mysql`. */
  readonly mysql: string;
  readonly region: string;
}

/** Result of a pasted line. */
export interface Pasted {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * A colleague's computer at the first office: its own home directory with a space in its path, no checkout of the project, and
 * the programs `mysql`, `aws`, `curl` and `node`. It adds what one machine lacks: AWS's trust store, Session Manager, and the
 * plugin with which the AWS CLI forwards a port. The plugin connects from the client host's address, as the host's agent does.
 */
export class Laptop {
  /** Started sessions. */
  readonly sessions: StartSession[] = [];

  private readonly home = mkdtempSync(join(tmpdir(), 'home of a colleague '));
  private readonly programs = join(this.home, 'programs');
  private readonly hosts = join(this.home, 'hosts');
  private readonly servers: Server[] = [];

  private constructor(private readonly props: LaptopProps) {}

  static async start(props: LaptopProps): Promise<Laptop> {
    const laptop = new Laptop(props);
    mkdirSync(laptop.programs);
    mkdirSync(laptop.folder);
    writeFileSync(laptop.hosts, `127.0.0.1 localhost\n${laptop.publicName}\n`);
    laptop.install('mysql', `exec '${props.mysql}' "$@"`);
    laptop.install('aws', `exec '${findAwsCli()}' "$@"`);
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

  /**
   * Sets the identity of the AWS CLI.
   *
   * @param roleArn @default - an administrator
   */
  useCredentials(roleArn?: string): void {
    const { url } = this.props.running.deployment.aws;
    const keys = 'aws_access_key_id = local\naws_secret_access_key = local\n';
    // The default region differs, so that the lines must name their region.
    const common = `region = us-west-2\nendpoint_url = ${url}\nservices = here\n`;
    // The CLI caches the credentials of a role by session name.
    const role = `role_arn = ${roleArn ?? ''}\nrole_session_name = laptop-${Date.now()}\nsource_profile = keys\n`;
    this.config = `[default]\n${roleArn === undefined ? keys : role}${common}[profile keys]\n${keys}${common}`;
    this.writeConfig();
  }

  /** Runs a line in a shell. @param input text for its standard input */
  async paste(line: string, input = '', shell = 'bash'): Promise<Pasted> {
    const child = this.start(line, shell);
    let [stdout, stderr] = ['', ''];
    child.stdout?.on('data', (data: Buffer) => (stdout += data.toString()));
    child.stderr?.on('data', (data: Buffer) => (stderr += data.toString()));
    // A line may end before it reads its input; its status shows the result.
    child.stdin?.on('error', () => undefined).end(input);
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, stdout: stdout.trim(), stderr: stderr.trim() };
  }

  /** Runs a line until it is interrupted. @returns a function that interrupts it, once it is ready */
  async pasteAndLeave(line: string, ready: RegExp): Promise<() => void> {
    const child = this.start(line, 'bash');
    let seen = '';
    await new Promise<void>((resolve, reject) => {
      const read = (data: Buffer): void => {
        seen += data.toString();
        if (ready.test(seen)) resolve();
      };
      child.stdout?.on('data', read);
      child.stderr?.on('data', read);
      child.on('close', () => reject(new Error(`${line} has ended: ${seen}`)));
    });
    return () => process.kill(-(child.pid ?? 0), 'SIGTERM');
  }

  private config = '';
  private sessionManagerUrl = '';

  /** Working directory of the lines. */
  private get folder(): string {
    return join(this.home, 'somewhere else');
  }

  /** The public DNS of the instance. */
  private get publicName(): string {
    const { address } = this.props.running.one('aws_db_instance');
    return `${this.props.running.deployment.aws.endpoints.hosts[address] ?? ''} ${address}`;
  }

  private start(line: string, shell: string): ChildProcess {
    const words = ['--mount', '--map-root-user', 'sh', '-c', WITH_HOSTS, this.hosts, shell, '-c', line];
    const PATH = [this.programs, '/usr/bin', '/bin', dirname(process.execPath)].join(':');
    const env = {
      PATH,
      HOME: this.home,
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_CONFIG_FILE: join(this.home, 'aws-config'),
    };
    return spawn('unshare', words, { cwd: this.folder, env, detached: true });
  }

  private install(name: string, script: string, interpreter = '/bin/sh'): void {
    const path = join(this.programs, name);
    writeFileSync(path, `#!${interpreter}\n${script}\n`);
    chmodSync(path, 0o755);
  }

  /** Terraform, only for the AWS of this machine. */
  private async installTerraform(): Promise<void> {
    const { path } = await findTerraform();
    const environment = Object.entries(localEnvironment(this.props.running.deployment.aws.url));
    const own = environment.filter(([name]) => /^(AWS|TF|CHECKPOINT)_/.test(name));
    const variables = own.map(([name, value = '']) => `${name}='${value}'`);
    this.install('terraform', `exec env ${variables.join(' ')} '${path}' "$@"`);
  }

  /** https://github.com/aws/session-manager-plugin */
  private installPlugin(): void {
    const { network, endpoints } = this.props.running.deployment.aws;
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

  /** A configuration of curl sets only the address of the name and its authority. */
  private async serveTrustStore(): Promise<void> {
    const { instance, amazon } = this.props.running.deployment.aws.authorities;
    const { region } = this.props;
    const server = createHttpsServer(await amazon.issue(TRUST_STORE), ({ url }, response) => {
      const found = url === `/${region}/${region}-bundle.pem`;
      response.writeHead(found ? 200 : 403).end(found ? instance.pem : '');
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
    writeFileSync(join(this.home, 'aws-config'), `${this.config}${services}`);
  }

  private async listen(server: Server): Promise<number> {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    this.servers.push(server);
    return (server.address() as AddressInfo).port;
  }
}
