import { join } from 'node:path';
import { readDatabaseName, readTarget } from '../../../../functions/shared/database/target';

const CERTS = join(__dirname, '../../../../certs');

const before = process.env;

beforeEach(() => {
  process.env = {
    ...before,
    ...{ DB_HOST: 'db.example.com', DB_PORT: '3306', DB_NAME: 'app' },
    ...{ IAM_PROXY_HOST: 'proxy.example.com', IAM_PROXY_PORT: '3307' },
    ...{ DB_CA_FILE: join(CERTS, 'rds/eu-central-1.pem'), PROXY_CA_FILE: join(CERTS, 'rds/eu-west-1.pem') },
  };
});

afterEach(() => void (process.env = before));

describe('the target of a function', () => {
  it('is the endpoint in its environment, whose certificate and name it verifies', () => {
    expect(readTarget()).toMatchObject({
      host: 'db.example.com',
      port: 3306,
      tls: { verifyIdentity: true, rejectUnauthorized: true, minVersion: 'TLSv1.2' },
    });
    expect(readDatabaseName()).toBe('app');
  });

  it('trusts only its own authorities, which differ between instance and proxies', () => {
    const proxy = readTarget('IAM_PROXY', 'PROXY_CA_FILE');
    expect(proxy).toMatchObject({ host: 'proxy.example.com', port: 3307 });
    expect(proxy.tls.ca).not.toBe(readTarget().tls.ca);
  });

  it.each([
    ['DB_HOST', 'the endpoint to connect to'],
    ['DB_PORT', 'the port to connect to'],
    ['DB_CA_FILE', 'the certificate authorities that sign the certificate of DB_HOST'],
  ])('needs %s', (variable, purpose) => {
    process.env[variable] = '';
    expect(readTarget).toThrow(`The environment variable ${variable} must be set: ${purpose}. The deployment sets it.`);
  });

  it('needs the name of the database', () => {
    process.env['DB_NAME'] = '';
    expect(readDatabaseName).toThrow('The environment variable DB_NAME must be set: the database to use.');
  });
});
