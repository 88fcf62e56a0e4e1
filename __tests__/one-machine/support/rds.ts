import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CreateSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { createConnection, type Connection } from 'mysql2/promise';
import type { Faults } from '../../../local';
import {
  Container,
  type EndpointName,
  FUNCTION_CREDENTIALS,
  HOSTS,
  type Invocation,
  LocalDatabase,
  type MotoOnPort,
  REGION,
  type Resources,
  SECRETS,
  startMotoOnPort,
  VPC_CONFIG,
} from '../../../local/__tests__/support';
import { bundleFunction } from '../../../modules/compute/bundle';
import { zip } from '../../../modules/compute/zip';

/** A CNAME of the endpoint that a launched function logs in to. */
export const CNAME = 'database.example.com';

/** Host part of the MySQL accounts that can log in only from the VPC. */
export const VPC_HOST = '10.20.0.0/255.255.0.0';

/** The database user of the route `/items`, as the bootstrap's input declares it. */
export const ITEMS_USER = {
  name: 'items',
  login: 'iam',
  host: '%',
  maxUserConnections: 20,
  grants: [{ privileges: ['SELECT'], on: ['app', 'items'] }],
};

/** The database user of the route `/`, as the bootstrap's input declares it. */
export const USERS_READER = {
  name: 'users_reader',
  login: 'iam',
  host: '%',
  maxUserConnections: 10,
  grants: [{ privileges: ['SELECT'], columns: ['User'], on: ['mysql', 'user'] }],
};

/** Content of a secret. */
interface Secret {
  readonly username: string;
  readonly password: string;
}

/** The database of a deployment with its endpoints and secrets, and functions that use them. */
export class Rds {
  secrets!: SecretsManagerClient;

  /** ARNs of the secrets, by user. */
  private readonly secretArns: Record<string, string> = {};
  private local!: LocalDatabase;
  private moto!: MotoOnPort;
  /** Path of the zip with the certificate authorities. */
  private layer = '';
  private readonly containers: Container[] = [];

  static async start(): Promise<Rds> {
    const rds = new Rds();
    rds.moto = await startMotoOnPort();
    rds.secrets = new SecretsManagerClient({
      region: REGION,
      endpoint: rds.moto.url,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
    await rds.putSecret('admin', 'master password');
    await rds.putSecret('timestamps', 'first password');
    rds.local = await LocalDatabase.start({
      readSecret: (arn) => rds.readSecretText(arn),
      change: rds.setSecretArns,
    });
    rds.layer = join(rds.local.folder, 'layer.zip');
    const pem = (endpoint: EndpointName): Buffer => Buffer.from(rds.local.authorityOf(endpoint));
    await writeFile(rds.layer, zip({ 'certs/rds.pem': pem('instance'), 'certs/amazon-roots.pem': pem('iamProxy') }));
    return rds;
  }

  /** Returns the ARN of a user's secret. */
  secretArn(username: string): string {
    const arn = this.secretArns[username];
    if (arn === undefined) throw new Error(`The user ${username} has no secret`);
    return arn;
  }

  /** Returns the declaration of the user of `/func1` and `/func2`. */
  timestampsUser() {
    return {
      name: 'timestamps',
      login: 'password',
      secretArn: this.secretArn('timestamps'),
      host: VPC_HOST,
      maxUserConnections: 40,
      grants: [{ privileges: ['SELECT', 'INSERT'], on: ['app', 'timestamps'] }],
    };
  }

  /** Creates database, tables and users with the bootstrap function, as a deployment does. */
  async deploy(users: readonly object[]): Promise<void> {
    const bootstrap = await this.launch('bootstrap', 'instance', { DB_SECRET_ARN: this.secretArn('admin') });
    const invocation = await bootstrap.invoke({ database: 'app', users });
    if (invocation.functionError) throw new Error(errorMessageOf(invocation));
  }

  /** Reads a user's secret. @param stage label of the version to read */
  async readSecret(username: string, stage = 'AWSCURRENT'): Promise<Secret> {
    return JSON.parse(await this.readSecretText(this.secretArn(username), stage)) as Secret;
  }

  /** Creates a user's secret or changes its password. @returns its ARN */
  putSecret(username: string, password: string): Promise<string> {
    return this.putSecretText(username, JSON.stringify({ username, password }));
  }

  /** Creates a user's secret or changes its text. @returns its ARN */
  async putSecretText(username: string, SecretString: string): Promise<string> {
    const known = this.secretArns[username];
    if (known !== undefined) {
      await this.secrets.send(new PutSecretValueCommand({ SecretId: known, SecretString }));
      return known;
    }
    const { ARN = '' } = await this.secrets.send(new CreateSecretCommand({ Name: username, SecretString }));
    this.secretArns[username] = ARN;
    return ARN;
  }

  /** Starts a container of a function. @param name folder of the function @param endpoint where the function logs in */
  async launch(
    name: string,
    endpoint: EndpointName,
    environment: Readonly<Record<string, string>> = {},
  ): Promise<Container> {
    const { address, hosts } = this.local.network.attach(VPC_CONFIG);
    const deployment = {
      name,
      arn: `arn:aws:lambda:${environment['AWS_REGION'] ?? REGION}:123456789012:function:${name}`,
      runtime: 'nodejs22.x',
      zip: bundleFunction(name).zip,
      layers: [this.layer],
      handler: 'index.handler',
      timeoutSeconds: 20,
      memoryMib: 512,
      attachment: { address, hosts: { ...hosts, [CNAME]: hosts[HOSTS[endpoint]] ?? '' } },
      environment: {
        AWS_ACCESS_KEY_ID: FUNCTION_CREDENTIALS.accessKeyId,
        AWS_SECRET_ACCESS_KEY: FUNCTION_CREDENTIALS.secretAccessKey,
        AWS_SESSION_TOKEN: FUNCTION_CREDENTIALS.sessionToken,
        AWS_ENDPOINT_URL: this.moto.url,
        DB_HOST: HOSTS[endpoint],
        DB_PORT: String(this.local.port),
        DB_NAME: 'app',
        DB_CA_FILE: endpoint === 'instance' ? '/opt/certs/rds.pem' : '/opt/certs/amazon-roots.pem',
        ...environment,
      },
    };
    const folder = join(this.local.folder, `container-${this.containers.length}`);
    const container = await Container.start(deployment, folder);
    this.containers.push(container);
    return container;
  }

  /** Returns the object with which a test breaks the connections to an endpoint. @throws Error if the endpoint is stopped */
  faultsAt(endpoint: EndpointName): Faults {
    const faults = this.local.endpoints.faultsAt(HOSTS[endpoint]);
    if (!faults) throw new Error(`The endpoint ${endpoint} is stopped`);
    return faults;
  }

  /** Port of every endpoint. */
  get port(): number {
    return this.local.port;
  }

  /** Returns whether a password logs in from inside the VPC. @throws Error for an error other than access denied. */
  async logsIn(endpoint: EndpointName, user: string, password: string): Promise<boolean> {
    const response = await this.local.logIn(endpoint, { from: this.local.functionAddress, user, password });
    if (response.startsWith(`${user}@`)) return true;
    if (response.startsWith('Access denied')) return false;
    throw new Error(response);
  }

  /** Stops all endpoints, or one proxy. @returns a function that restarts them on the same port */
  async stopEndpoints(proxy?: EndpointName): Promise<() => Promise<void>> {
    if (proxy === undefined) await this.local.endpoints.stop();
    else await this.local.update(this.removalOf(proxy));
    return () => this.local.update(this.setSecretArns);
  }

  /** Turns IAM database authentication off. @returns a function that turns it on again */
  async turnIamOff(): Promise<() => Promise<void>> {
    await this.local.update((resources) => {
      this.setSecretArns(resources);
      for (const instance of resources['aws_db_instance'] ?? []) {
        instance['iam_database_authentication_enabled'] = false;
      }
    });
    return () => this.local.update(this.setSecretArns);
  }

  /** Sets the delay after which the proxies notice a new password in a secret. The initial delay is 0. */
  followSecretsAfter(seconds: number): void {
    this.local.endpoints.followSecretsAfter(seconds);
  }

  /** Recreates a proxy, whose target becomes AVAILABLE after a delay. */
  async recreateProxy(proxy: EndpointName, { delaySeconds }: { readonly delaySeconds: number }): Promise<void> {
    const restart = await this.stopEndpoints(proxy);
    this.local.endpoints.makeTargetsAvailableAfter(delaySeconds);
    await restart();
    this.local.endpoints.makeTargetsAvailableAfter(0);
  }

  /** Runs a statement on the database directly, as a superuser. */
  sql<Row = Record<string, unknown>>(statement: string, values: unknown[] = []): Promise<Row[]> {
    return this.local.database.query<Row>(statement, values);
  }

  /** Opens a connection to the database itself. The caller closes it. @param user name and password. @default - a superuser */
  connect(user?: { readonly user: string; readonly password: string }): Promise<Connection> {
    if (user === undefined) return this.local.database.connectAsRoot();
    return createConnection({ ...user, socketPath: this.local.database.socket });
  }

  async stop(): Promise<void> {
    await Promise.all(this.containers.map((container) => container.stop()));
    await this.local.stop();
    await this.moto.stop();
  }

  /** Puts the ARNs of the created secrets into the resources of the deployment. */
  private readonly setSecretArns = (resources: Resources): void => {
    const timestamps = this.secretArn('timestamps');
    for (const instance of resources['aws_db_instance'] ?? []) {
      instance['master_user_secret'] = [{ secret_arn: this.secretArn('admin') }];
    }
    for (const proxy of resources['aws_db_proxy'] ?? []) proxy['auth'][0].secret_arn = timestamps;
    for (const policy of resources['aws_iam_role_policy'] ?? []) {
      policy['policy'] = (policy['policy'] as string).replaceAll(SECRETS.timestamps, timestamps);
    }
  };

  /** Returns a change that deletes a proxy and sets the ARNs of the created secrets. */
  private removalOf(proxy: EndpointName): (resources: Resources) => void {
    return (resources) => {
      this.setSecretArns(resources);
      resources['aws_db_proxy'] = (resources['aws_db_proxy'] ?? []).filter(({ endpoint }) => endpoint !== HOSTS[proxy]);
    };
  }

  private async readSecretText(arn: string, stage = 'AWSCURRENT'): Promise<string> {
    const { SecretString = '' } = await this.secrets.send(
      new GetSecretValueCommand({ SecretId: arn, VersionStage: stage }),
    );
    return SecretString;
  }
}

/** Makes an event of API Gateway for a GET. @param query parameters. @default - none */
export function getEvent(query: Readonly<Record<string, string | readonly string[]>> = {}): unknown {
  const entries = Object.entries(query).map(([name, value]) => [name, [value].flat()] as const);
  return {
    httpMethod: 'GET',
    multiValueQueryStringParameters: entries.length > 0 ? Object.fromEntries(entries) : null,
    requestContext: { requestId: 'request-1' },
  };
}

/** Reads the HTTP answer in an invocation's payload. */
export function responseOf({ payload }: Invocation): {
  statusCode: number;
  headers: Record<string, string>;
  body: any;
} {
  const response = JSON.parse(payload) as { statusCode: number; headers: Record<string, string>; body: string };
  return { ...response, body: JSON.parse(response.body) as unknown };
}

/** Returns the message of the error with which a function ended. */
export const errorMessageOf = ({ payload }: Invocation): string =>
  (JSON.parse(payload) as { errorMessage: string }).errorMessage;

/** Returns the first error in a function's log; an empty object if there is none. */
export const loggedErrorOf = ({ log }: Invocation): Record<string, any> =>
  JSON.parse(log.split('\n').find((line) => line.includes('"level":"error"')) ?? '{}') as Record<string, any>;
