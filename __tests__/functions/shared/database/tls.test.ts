import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { verifiedTls } from '../../../../functions/shared/database/tls';
import { setVariablesForEachTest } from '../../../support/environment-variables';

const PROXY_CA_FILE = join(__dirname, '../../../../certs/amazon/AmazonRootCA1.pem');

describe('verifiedTls', () => {
  setVariablesForEachTest({ PROXY_CA_FILE });

  it('verifies the certificate and the host name, with at least TLS 1.2', () => {
    expect(verifiedTls('PROXY_CA_FILE', 'authorities')).toEqual({
      ca: readFileSync(PROXY_CA_FILE, 'utf8'),
      verifyIdentity: true,
      rejectUnauthorized: true,
      minVersion: 'TLSv1.2',
    });
  });

  it.each([
    ['that does not exist', '/opt/certs/missing.pem', 'which cannot be read'],
    ['that contains no certificate', __filename, 'which contains no certificate'],
  ])('rejects a file %s, and names the environment variable', (_what, file, complaint) => {
    process.env['PROXY_CA_FILE'] = file;
    expect(() => verifiedTls('PROXY_CA_FILE', 'authorities')).toThrow(
      `PROXY_CA_FILE names ${file}, ${complaint}. Deploy again to restore the variable and the file.`,
    );
  });
});
