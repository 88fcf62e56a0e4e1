import { verifiedTls } from '../../../../functions/shared/database/tls';
import { setVariablesForEachTest } from '../../../support/environment-variables';

describe('verifiedTls', () => {
  // Restores the environment variables that the tests change.
  setVariablesForEachTest();

  it.each([
    ['that does not exist', '/opt/certs/missing.pem', 'which cannot be read'],
    ['that contains no certificate', __filename, 'which contains no certificate'],
  ])('rejects a file %s, and names its variable', (_what, file, complaint) => {
    process.env['PROXY_CA_FILE'] = file;
    expect(() => verifiedTls('PROXY_CA_FILE', 'authorities')).toThrow(
      `PROXY_CA_FILE names ${file}, ${complaint}. Deploy again: it restores the variable and the file.`,
    );
  });
});
