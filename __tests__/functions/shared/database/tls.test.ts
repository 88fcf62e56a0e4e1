import { verifiedTls } from '../../../../functions/shared/database/tls';

describe('verifiedTls', () => {
  const before = process.env;

  beforeEach(() => void (process.env = { ...before }));

  afterEach(() => void (process.env = before));

  it.each([
    ['that does not exist', '/opt/certs/missing.pem', 'which cannot be read'],
    ['that contains no certificate', __filename, 'which contains no certificate'],
  ])('names the variable of a file %s', (_what, file, complaint) => {
    process.env['PROXY_CA_FILE'] = file;
    expect(() => verifiedTls('PROXY_CA_FILE', 'authorities')).toThrow(
      `PROXY_CA_FILE names ${file}, ${complaint}. Deploy again: it restores the variable and the file.`,
    );
  });

  it('names a missing variable and its purpose', () => {
    expect(() => verifiedTls('PROXY_CA_FILE', 'authorities')).toThrow(
      'The environment variable PROXY_CA_FILE must be set: authorities. The deployment sets it.',
    );
  });
});
