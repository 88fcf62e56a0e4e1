import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { MariaDb } from '../../local/database/mariadb';
import { Network } from '../../local/network/network';
import { CertificateAuthority } from '../../local/rds/certificate-authority';
import { RdsEndpoints } from '../../local/rds/endpoints';
import type { CredentialsOf } from '../../local/rds/token';
import { zip } from '../../modules/compute/zip';

export interface LocalRdsOptions {
  readonly folder: string;
  readonly credentialsOf: CredentialsOf;
  readonly secrets: SecretsManagerClient;
}

/** What answers at the host names that the deployment was given: one database, an endpoint in front of it for each. */
export class LocalRds {
  private constructor(
    readonly network: Network,
    readonly endpoints: RdsEndpoints,
    /** Path of a layer with the authorities that sign here, in the places of Amazon's. */
    readonly authoritiesLayer: string,
    private readonly database: MariaDb,
  ) {}

  static async start({ folder, credentialsOf, secrets }: LocalRdsOptions): Promise<LocalRds> {
    // Two, as with AWS: one trusted for the instance is none for a proxy.
    const authorities = { instance: await CertificateAuthority.create(), proxy: await CertificateAuthority.create() };
    const { instance, proxy } = authorities;
    const layer = join(folder, 'authorities.zip');
    const files = { 'certs/rds.pem': Buffer.from(instance.pem), 'certs/amazon-roots.pem': Buffer.from(proxy.pem) };
    writeFileSync(layer, zip(files));

    const database = await MariaDb.start(join(folder, 'mariadb'), await instance.issue('localhost'));
    const readSecret = async (SecretId: string): Promise<string> =>
      (await secrets.send(new GetSecretValueCommand({ SecretId }))).SecretString ?? '';
    const log = (line: string): void => void process.stderr.write(`${line}\n`);
    const network = new Network();
    const endpoints = new RdsEndpoints({ network, database, authorities, readSecret, credentialsOf, log });
    return new LocalRds(network, endpoints, layer, database);
  }

  /** Asks the database itself, with every right. */
  sql(statement: string): Promise<unknown[]> {
    return this.database.query(statement);
  }

  async stop(): Promise<void> {
    await this.endpoints.stop();
    await this.database.stop();
  }
}
