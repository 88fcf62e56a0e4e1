import { diagnose } from '../../../../../functions/shared/database/diagnosis/diagnose';
import { passwordAttempt, driverError, instanceEndpoint, proxyEndpoint } from '../../../../support/failed-connections';

const handshakeFailure = (message: string): Error => driverError('HANDSHAKE_SSL_ERROR', message);

describe('a failed or missing TLS handshake', () => {
  it.each([
    [
      'an unknown authority',
      handshakeFailure('self-signed certificate in certificate chain'),
      /^no authority in DB_CA_FILE signed .*: DB_CA_FILE must be \/opt\/certs\/rds\.pem/,
    ],
    [
      'an unknown authority with a known name',
      handshakeFailure('certificate signature failure'),
      /^no authority in DB_CA_FILE signed/,
    ],
    [
      'an unknown issuer',
      handshakeFailure('unable to get local issuer certificate'),
      /^no authority in DB_CA_FILE signed/,
    ],
    [
      'a certificate for another host',
      handshakeFailure("Hostname/IP does not match certificate's altnames: Host: a"),
      /^the certificate is not for login-matrix/,
    ],
    ['an expired certificate', handshakeFailure('certificate has expired'), /not valid today/],
    ['a server without TLS', driverError('HANDSHAKE_NO_SSL_SUPPORT'), /offers no TLS/],
    ['a client without TLS', driverError('ER_SECURE_TRANSPORT_REQUIRED'), /^the server requires TLS/],
  ])('has exactly one cause: %s', (_what, failed, sentence) => {
    expect(diagnose(failed, instanceEndpoint, passwordAttempt)).toEqual([expect.stringMatching(sentence)]);
  });

  it('has no advice to rotate the certificate of a proxy, which AWS renews itself', () => {
    expect(diagnose(handshakeFailure('certificate has expired'), proxyEndpoint)).toEqual([
      expect.stringMatching(/check the clock; AWS renews the certificate of a proxy itself$/),
    ]);
  });

  it('names amazon-roots.pem if the endpoint is a proxy', () => {
    expect(diagnose(handshakeFailure('self-signed certificate'), proxyEndpoint)).toEqual([
      expect.stringContaining('amazon-roots.pem'),
    ]);
  });

  it('is not recognised by its message alone', () => {
    expect(diagnose(new Error('certificate has expired'), instanceEndpoint)).toEqual([]);
  });
});
