import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readDatabaseName, readTarget } from '../../../../functions/shared/database/target';
import { setVariablesForEachTest } from '../../../support/environment-variables';

const CERTS = join(__dirname, '../../../../certs');
const PROXY_CA_FILE = join(CERTS, 'rds/eu-west-1.pem');

setVariablesForEachTest({
  DB_HOST: 'db.example.com',
  DB_PORT: '3306',
  DB_NAME: 'app',
  DB_CA_FILE: join(CERTS, 'rds/eu-central-1.pem'),
  IAM_PROXY_HOST: 'proxy.example.com',
  IAM_PROXY_PORT: '3307',
  PROXY_CA_FILE,
});

describe('the target of a function', () => {
  it('has its endpoint and its database from the environment; TLS verifies the certificate and the host name', () => {
    expect(readTarget()).toMatchObject({
      host: 'db.example.com',
      port: 3306,
      tls: { verifyIdentity: true, rejectUnauthorized: true, minVersion: 'TLSv1.2' },
    });
    expect(readDatabaseName()).toBe('app');
  });

  it('may be a proxy, which has other certificate authorities than the instance', () => {
    expect(readTarget('IAM_PROXY', 'PROXY_CA_FILE')).toMatchObject({
      host: 'proxy.example.com',
      port: 3307,
      tls: { ca: readFileSync(PROXY_CA_FILE, 'utf8') },
    });
  });
});
