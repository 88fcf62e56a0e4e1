import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { MariaDb } from '../../local/database/mariadb';
import { CertificateAuthority } from '../../local/rds/certificate-authority';
import { RdsEndpoint } from '../../local/rds/endpoint';
import { InstanceGate, ProxyGate, type Gate, type ProxySecret } from '../../local/rds/gates';
import { zip } from '../../modules/compute/zip';

const PORT = 3306;

/** Where the functions of the VPC would call from. */
const CALLER = '10.20.64.7';

export interface LocalRdsOptions {
  readonly folder: string;
  readonly region: string;
  readonly secretKeyOf: (accessKeyId: string) => string | undefined;
  readonly secrets: SecretsManagerClient;
}

/** What answers at the host names that the deployment was given: one database, an endpoint in front of it for each. */
export class LocalRds {
  /** Path of a layer with the authorities that sign here, in the places of Amazon's. */
  readonly authoritiesLayer: string;
  private readonly endpoints = new Map<string, { readonly address: string; readonly endpoint: RdsEndpoint }>();

  static async start(options: LocalRdsOptions): Promise<LocalRds> {
    // Two, as with AWS: one trusted for the instance is none for a proxy.
    const [instances, proxies] = [await CertificateAuthority.create(), await CertificateAuthority.create()];
    const mariadb = await MariaDb.start(join(options.folder, 'mariadb'), await instances.issue('localhost'));
    return new LocalRds(options, mariadb, instances, proxies);
  }

  private constructor(
    private readonly options: LocalRdsOptions,
    private readonly mariadb: MariaDb,
    private readonly instances: CertificateAuthority,
    private readonly proxies: CertificateAuthority,
  ) {
    this.authoritiesLayer = join(options.folder, 'authorities.zip');
    const files = { 'certs/rds.pem': Buffer.from(instances.pem), 'certs/amazon-roots.pem': Buffer.from(proxies.pem) };
    writeFileSync(this.authoritiesLayer, zip(files));
  }

  /** What the DNS of the VPC answers. */
  get hosts(): Record<string, string> {
    return Object.fromEntries([...this.endpoints].map(([host, { address }]) => [host, address]));
  }

  /** Opens the instance, with the master user that RDS makes. */
  async openInstance(host: string, masterSecretArn: string): Promise<void> {
    const { username, password } = await this.read(masterSecretArn);
    const admin = await this.mariadb.admin();
    await admin.query('CREATE USER ?@? IDENTIFIED BY ?', [username, '%', password]);
    await admin.query('GRANT ALL ON *.* TO ?@? WITH GRANT OPTION', [username, '%']);
    await admin.end();
    await this.open(host, this.instances, new InstanceGate(this.mariadb, this.audience(host)));
  }

  async openProxy(host: string, iamAuth: 'REQUIRED' | 'DISABLED', secretArn: string): Promise<void> {
    await this.open(host, this.proxies, new ProxyGate(iamAuth, this.audience(host), () => this.read(secretArn)));
  }

  /** Asks the database itself, with every right. */
  async sql(statement: string): Promise<unknown> {
    const admin = await this.mariadb.admin();
    const [rows] = await admin.query(statement);
    await admin.end();
    return rows;
  }

  async stop(): Promise<void> {
    await Promise.all([...this.endpoints.values()].map(({ endpoint }) => endpoint.stop()));
    await this.mariadb.stop();
  }

  private async open(host: string, authority: CertificateAuthority, gate: Gate): Promise<void> {
    const certificate = await authority.issue(host);
    const listening = { certificate, gate, serverPort: this.mariadb.port, callerAddress: CALLER, port: PORT };
    this.endpoints.set(host, await onFreeAddress((address) => RdsEndpoint.start({ ...listening, address })));
  }

  private async read(secretArn: string): Promise<ProxySecret> {
    const { SecretString } = await this.options.secrets.send(new GetSecretValueCommand({ SecretId: secretArn }));
    return JSON.parse(SecretString ?? '{}') as ProxySecret;
  }

  private audience(host: string): ConstructorParameters<typeof InstanceGate>[1] {
    return { host, port: PORT, region: this.options.region, secretOf: this.options.secretKeyOf };
  }
}

/** Every endpoint has the port of MySQL, so each needs an address of its own. */
async function onFreeAddress(
  start: (address: string) => Promise<RdsEndpoint>,
): Promise<{ address: string; endpoint: RdsEndpoint }> {
  for (let last = 2; ; last += 1) {
    const address = `127.0.0.${last}`;
    try {
      return { address, endpoint: await start(address) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    }
  }
}
