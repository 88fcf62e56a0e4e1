import { Signer } from '@aws-sdk/rds-signer';
import type { Connection } from 'mysql2/promise';
import { callAws, connectTo, type DriverLogin } from '../../../local/__tests__/support';
import type { RunningDeployment } from './running-deployment';

export type Target = 'instance' | 'password-proxy' | 'iam-proxy';

/** Keys of a role, as STS gives them. */
export type Keys = Readonly<Record<'accessKeyId' | 'secretAccessKey' | 'sessionToken', string>>;

/** Without `from`, a function in the VPC calls. */
export type VpcLogin = Omit<DriverLogin, 'from'> & Partial<Pick<DriverLogin, 'from'>>;

/** Options of a token. The defaults make a valid one. */
export interface TokenOptions {
  readonly hostname: string;
  readonly port: number;
  readonly username: string;
  readonly region: string;
  readonly credentials: Keys;
}

/** The signer uses the system clock. */
const ALL_BUT_DATE = [
  ...(['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'setImmediate', 'clearImmediate'] as const),
  ...(['nextTick', 'queueMicrotask', 'hrtime', 'performance'] as const),
];

/** Logs in to the endpoints of a running deployment, with the driver and the AWS SDK's tokens. */
export class Logins {
  private inside: string | undefined;
  private readonly attached: string[] = [];

  constructor(private readonly running: RunningDeployment) {}

  hostOf(target: Target): string {
    const { running } = this;
    return target === 'instance'
      ? running.one('aws_db_instance')['address']
      : running.one('aws_db_proxy', target)['endpoint'];
  }

  /** Address of the function in the VPC, as the server sees it. */
  get address(): string {
    return this.running.deployment.aws.network.addressOf(this.insideVpc);
  }

  /** Reserves the network address of a route's function. */
  attach(route: string): string {
    const [vpc] = this.functionOf(route)['vpc_config'];
    const { address } = this.running.deployment.aws.network.attach(vpc);
    this.attached.push(address);
    return address;
  }

  /** Releases all addresses. */
  leave(): void {
    for (const address of this.attached.splice(0)) this.running.deployment.aws.network.detach(address);
    this.inside = undefined;
  }

  /** Returns keys of a route's role. */
  async keysOf(route: string): Promise<Keys> {
    const api = { url: this.running.deployment.aws.url, service: 'sts', region: 'us-east-1' };
    const role = { RoleArn: this.functionOf(route)['role'], RoleSessionName: 'refusals' };
    const body = new URLSearchParams({ Action: 'AssumeRole', Version: '2011-06-15', ...role });
    const response = await (await callAws(api, '/', { method: 'POST', body })).text();
    const read = (name: string): string => new RegExp(`<${name}>([^<]+)<`).exec(response)?.[1] ?? '';
    return {
      accessKeyId: read('AccessKeyId'),
      secretAccessKey: read('SecretAccessKey'),
      sessionToken: read('SessionToken'),
    };
  }

  /**
   * Signs a token like a function: like `/items` for the instance, like `/func2` for a proxy.
   *
   * @param age seconds since it was made
   */
  async token(target: Target, change: Partial<TokenOptions> = {}, age = 0): Promise<string> {
    const [route, username] = target === 'instance' ? ['items', 'items'] : ['func2', 'timestamps'];
    const to = { hostname: this.hostOf(target), port: 3306, username, region: 'eu-central-1' };
    const credentials = change.credentials ?? (await this.keysOf(route));
    const signer = new Signer({ ...to, ...change, credentials });
    jest.useFakeTimers({ now: Date.now() - age * 1000, doNotFake: [...ALL_BUT_DATE] });
    return signer.getAuthToken().finally(() => jest.useRealTimers());
  }

  connect(target: Target, login: VpcLogin): Promise<Connection> {
    const host = this.hostOf(target);
    const { authorities, endpoints } = this.running.deployment.aws;
    const { pem: ca } = authorities[target === 'instance' ? 'instance' : 'amazon'];
    const endpoint = { host, address: endpoints.hosts[host] ?? '', port: 3306, ca };
    return connectTo(endpoint, { from: this.insideVpc, ...login });
  }

  /** Logs in. Returns the account, or code and message of the error. */
  async outcome(target: Target, login: VpcLogin): Promise<string> {
    try {
      const connection = await this.connect(target, login);
      const [[row]] = (await connection.query('SELECT CURRENT_USER() AS user')) as unknown as [{ user: string }[]];
      await connection.end();
      return row?.user ?? '';
    } catch (error) {
      const { code, message } = error as { code?: string; message: string };
      return `${code ?? ''} ${message}`;
    }
  }

  private get insideVpc(): string {
    return (this.inside ??= this.attach('items'));
  }

  private functionOf(route: string): any {
    return this.running.one('aws_lambda_function', `functions_${route}_`);
  }
}
