import { Signer } from '@aws-sdk/rds-signer';
import type { Connection } from 'mysql2/promise';
import { AwsClient, connectTo, type DriverLogin } from '../../../local/__tests__/support';
import type { RunningDeployment } from './running-deployment';

export type Target = 'instance' | 'password-proxy' | 'iam-proxy';

/** Temporary credentials of a role, from STS. */
export type Keys = Readonly<Record<'accessKeyId' | 'secretAccessKey' | 'sessionToken', string>>;

/** A login with mysql2. Without `from`, it comes from the address of the function of `/items`. */
export type VpcLogin = Omit<DriverLogin, 'from'> & Partial<Pick<DriverLogin, 'from'>>;

/** Lifetime of a token: fifteen minutes. */
export const TOKEN_LIFETIME_SECONDS = 900;

/** What a token is signed for. */
export interface TokenOptions {
  readonly hostname: string;
  readonly port: number;
  readonly username: string;
  readonly region: string;
  readonly credentials: Keys;
}

/** The method `token` replaces the system clock, because the signer reads it. These APIs of Node.js stay real. */
const NOT_REPLACED = [
  ...(['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'setImmediate', 'clearImmediate'] as const),
  ...(['nextTick', 'queueMicrotask', 'hrtime', 'performance'] as const),
];

/** Logs in to the endpoints of a running deployment with mysql2, and signs tokens with the AWS SDK. */
export class Logins {
  private itemsAddress: string | undefined;
  private readonly reservedAddresses: string[] = [];

  constructor(private readonly running: RunningDeployment) {}

  hostOf(target: Target): string {
    const { running } = this;
    return target === 'instance'
      ? running.one('aws_db_instance')['address']
      : running.one('aws_db_proxy', target)['endpoint'];
  }

  /**
   * Private IP address of the function of `/items`. Logins without `from` come from this function. The endpoints see this address,
   * not the loopback address from which the client connects.
   */
  get clientAddress(): string {
    return this.running.deployment.aws.network.addressOf(this.addressOfItems);
  }

  /** Reserves a network address for a route's function, until `releaseAddresses`. */
  reserveAddress(route: string): string {
    const [vpc] = this.functionOf(route)['vpc_config'];
    const { address } = this.running.deployment.aws.network.attach(vpc);
    this.reservedAddresses.push(address);
    return address;
  }

  /** Releases all reserved addresses. */
  releaseAddresses(): void {
    for (const address of this.reservedAddresses.splice(0)) this.running.deployment.aws.network.detach(address);
    this.itemsAddress = undefined;
  }

  /** Assumes the role of a route's function and returns its credentials. */
  async keysOf(route: string): Promise<Keys> {
    const role = { RoleArn: this.functionOf(route)['role'], RoleSessionName: 'logins' };
    const response = await new AwsClient(this.running.deployment.aws.url).sts('AssumeRole', role);
    const read = (element: string): string => new RegExp(`<${element}>([^<]+)<`).exec(response)?.[1] ?? '';
    return {
      accessKeyId: read('AccessKeyId'),
      secretAccessKey: read('SecretAccessKey'),
      sessionToken: read('SessionToken'),
    };
  }

  /**
   * Signs a token for a target. A token for the instance uses the role and the user of `/items`. A token for a proxy uses the role and
   * the user of `/func2`.
   *
   * @param change replaces some of the values that the token is signed for
   * @param ageSeconds age of the token
   */
  async token(target: Target, change: Partial<TokenOptions> = {}, ageSeconds = 0): Promise<string> {
    const [route, username] = target === 'instance' ? ['items', 'items'] : ['func2', 'timestamps'];
    const options = { hostname: this.hostOf(target), port: 3306, username, region: 'eu-central-1' };
    const credentials = change.credentials ?? (await this.keysOf(route));
    const signer = new Signer({ ...options, ...change, credentials });
    jest.useFakeTimers({ now: Date.now() - ageSeconds * 1000, doNotFake: [...NOT_REPLACED] });
    return signer.getAuthToken().finally(() => jest.useRealTimers());
  }

  connect(target: Target, login: VpcLogin): Promise<Connection> {
    const host = this.hostOf(target);
    const { authorities, endpoints } = this.running.deployment.aws;
    // Amazon's authorities sign the certificates of proxies; the authorities of RDS sign that of the instance.
    const { pem: ca } = authorities[target === 'instance' ? 'instance' : 'amazon'];
    const endpoint = { host, address: endpoints.hosts[host] ?? '', port: 3306, ca };
    return connectTo(endpoint, { from: this.addressOfItems, ...login });
  }

  /** Logs in. Returns the database account, or code and message of the error. */
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

  private get addressOfItems(): string {
    return (this.itemsAddress ??= this.reserveAddress('items'));
  }

  private functionOf(route: string): any {
    return this.running.one('aws_lambda_function', `functions_${route}_`);
  }
}
