import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { startMoto } from '../../local/control-plane/moto';
import { MariaDb } from '../../local/database/mariadb';
import { Container, type Invocation } from '../../local/lambda/container';
import { CertificateAuthority } from '../../local/rds/certificate-authority';
import { RdsEndpoint, type EndpointOptions } from '../../local/rds/endpoint';
import { InstanceGate, ProxyGate, type Gate } from '../../local/rds/gates';
import { bundleFunction } from '../../modules/compute/bundle';
import { zip } from '../../modules/compute/zip';

export const REGION = 'eu-central-1';
export const HOSTS = {
  instance: 'login-matrix-test.c0ffee.eu-central-1.rds.amazonaws.com',
  passwordProxy: 'password.proxy-c0ffee.eu-central-1.rds.amazonaws.com',
  iamProxy: 'iam.proxy-c0ffee.eu-central-1.rds.amazonaws.com',
} as const;

export type Target = keyof typeof HOSTS;

/** Where a function in the VPC, and one outside, would call from. */
const INSIDE = '10.20.64.7';

const KEYS = { AWS_ACCESS_KEY_ID: 'ROLE', AWS_SECRET_ACCESS_KEY: 'the role’s secret', AWS_SESSION_TOKEN: 'session' };

/** What a secret holds. */
interface Secret {
  readonly username: string;
  readonly password: string;
}

/** A database with its endpoints and its secrets, as a deployment has them, and functions that run against them. */
export class Rds {
  readonly endpoints = {} as Record<Target, RdsEndpoint>;
  readonly secretArns: Record<string, string> = {};
  mariadb!: MariaDb;
  secrets!: SecretsManagerClient;
  /** What the endpoints tell of refused tokens. */
  readonly refusals: string[] = [];

  private readonly options = {} as Record<Target, EndpointOptions>;
  private folder = '';
  private moto!: Awaited<ReturnType<typeof startMoto>>;
  private layer = '';
  private readonly containers: Container[] = [];

  static async start(): Promise<Rds> {
    const rds = new Rds();
    rds.folder = await mkdtemp(join(tmpdir(), 'rds-'));
    rds.moto = await startMoto();
    rds.secrets = new SecretsManagerClient({
      region: REGION,
      endpoint: rds.moto.url,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
    // Two authorities, as with AWS: instances and proxies are signed by different ones.
    const [instances, proxies] = [await CertificateAuthority.create(), await CertificateAuthority.create()];
    rds.mariadb = await MariaDb.start(join(rds.folder, 'mariadb'), await instances.issue('localhost'));
    await rds.makeMaster();
    await rds.open('instance', instances, new InstanceGate(rds.mariadb, rds.audience('instance'), rds.note));
    for (const [target, iamAuth] of [
      ['passwordProxy', 'DISABLED'],
      ['iamProxy', 'REQUIRED'],
    ] as const) {
      const secret = (): Promise<Secret> => rds.readSecret('timestamps');
      await rds.open(target, proxies, new ProxyGate(iamAuth, rds.audience(target), secret, rds.note));
    }
    rds.layer = join(rds.folder, 'layer.zip');
    const pems = { 'certs/rds.pem': Buffer.from(instances.pem), 'certs/amazon-roots.pem': Buffer.from(proxies.pem) };
    await writeFile(rds.layer, zip(pems));
    return rds;
  }

  /** What a secret holds: at present, or in another stage. */
  async readSecret(username: string, stage = 'AWSCURRENT'): Promise<Secret> {
    const { SecretString } = await this.secrets.send(
      new GetSecretValueCommand({ SecretId: this.secretArns[username], VersionStage: stage }),
    );
    return JSON.parse(SecretString ?? '') as Secret;
  }

  /** Makes a secret for a user, or gives the one that is there a new value. */
  async putSecret(username: string, password: string): Promise<string> {
    const SecretString = JSON.stringify({ username, password });
    const known = this.secretArns[username];
    if (known !== undefined) {
      await this.secrets.send(new PutSecretValueCommand({ SecretId: known, SecretString }));
      return known;
    }
    const { ARN = '' } = await this.secrets.send(new CreateSecretCommand({ Name: username, SecretString }));
    this.secretArns[username] = ARN;
    return ARN;
  }

  /** Starts a function of the deployment: its zip and the layer, in a container. */
  async launch(route: string, target: Target, environment: Readonly<Record<string, string>> = {}): Promise<Container> {
    const deployment = {
      name: route,
      zip: bundleFunction(route).zip,
      layers: [this.layer],
      handler: 'index.handler',
      timeoutSeconds: 20,
      memoryMib: 512,
      hosts: Object.fromEntries(Object.values(HOSTS).map((host) => [host, '127.0.0.1'])),
      environment: {
        ...KEYS,
        AWS_REGION: REGION,
        AWS_ENDPOINT_URL: this.moto.url,
        DB_HOST: HOSTS[target],
        DB_PORT: String(this.endpoints[target].port),
        DB_NAME: 'app',
        DB_CA_FILE: target === 'instance' ? '/opt/certs/rds.pem' : '/opt/certs/amazon-roots.pem',
        ...environment,
      },
    };
    const container = await Container.start(deployment, join(this.folder, `container-${this.containers.length}`));
    this.containers.push(container);
    return container;
  }

  /** Takes an endpoint away. @returns what brings it back, at the same port */
  async goAway(target: Target): Promise<() => Promise<void>> {
    const { port } = this.endpoints[target];
    await this.endpoints[target].stop();
    return async () => {
      this.endpoints[target] = await RdsEndpoint.start({ ...this.options[target], port });
    };
  }

  /** Asks the database itself, with every right. */
  async sql<Row = Record<string, unknown>>(statement: string, values: unknown[] = []): Promise<Row[]> {
    const admin = await this.mariadb.admin();
    try {
      return (await admin.query(statement, values))[0] as Row[];
    } finally {
      await admin.end();
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.containers.map((container) => container.stop()));
    await Promise.all(Object.values(this.endpoints).map((endpoint) => endpoint.stop()));
    await this.mariadb.stop();
    await this.moto.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  private readonly note = (line: string): void => void this.refusals.push(line);

  private audience(target: Target): ConstructorParameters<typeof InstanceGate>[1] {
    const endpoints = this.endpoints;
    return {
      host: HOSTS[target],
      region: REGION,
      secretOf: (id) => (id === KEYS.AWS_ACCESS_KEY_ID ? KEYS.AWS_SECRET_ACCESS_KEY : undefined),
      get port() {
        return endpoints[target].port;
      },
    };
  }

  private async open(target: Target, authority: CertificateAuthority, gate: Gate): Promise<void> {
    this.options[target] = {
      gate,
      certificate: await authority.issue(HOSTS[target]),
      serverPort: this.mariadb.port,
      callerAddress: INSIDE,
    };
    this.endpoints[target] = await RdsEndpoint.start(this.options[target]);
  }

  private async makeMaster(): Promise<void> {
    await this.putSecret('admin', 'master password');
    await this.sql("CREATE USER admin@'%' IDENTIFIED BY 'master password'");
    await this.sql("GRANT ALL ON *.* TO admin@'%' WITH GRANT OPTION");
  }
}

/** A request as API Gateway hands it to a function. */
export function get(query: Readonly<Record<string, string | readonly string[]>> = {}): unknown {
  const entries = Object.entries(query).map(([name, value]) => [name, [value].flat()] as const);
  return {
    httpMethod: 'GET',
    multiValueQueryStringParameters: entries.length > 0 ? Object.fromEntries(entries) : null,
    requestContext: { requestId: 'request-1' },
  };
}

/** The HTTP answer in an invocation's payload. */
export function answerOf({ payload }: Invocation): { statusCode: number; headers: Record<string, string>; body: any } {
  const answer = JSON.parse(payload) as { statusCode: number; headers: Record<string, string>; body: string };
  return { ...answer, body: JSON.parse(answer.body) as unknown };
}
