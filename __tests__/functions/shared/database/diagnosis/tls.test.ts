import { diagnose } from '../../../../../functions/shared/database/diagnosis/diagnose';
import { passwordAttempt, driverError, instanceEndpoint, proxyEndpoint } from '../../../../support/failed-connections';

const handshakeFailure = (message: string): Error => driverError('HANDSHAKE_SSL_ERROR', message);

describe('a failed or missing TLS handshake', () => {
  it.each([
    ['self-signed certificate in certificate chain', /^no authority in DB_CA_FILE .*must be \/opt\/certs\/rds\.pem/],
    // OpenSSL's message if an unknown authority has the name of a known one.
    ['certificate signature failure', /^no authority in DB_CA_FILE signed/],
    ['unable to get local issuer certificate', /^no authority in DB_CA_FILE signed/],
    ["Hostname/IP does not match certificate's altnames: Host: a", /^the certificate is not for login-matrix/],
    ['certificate has expired', /not valid today/],
  ])('with the message "%s" gets exactly one explanation', (message, sentence) => {
    expect(diagnose(handshakeFailure(message), instanceEndpoint)).toEqual([expect.stringMatching(sentence)]);
  });

  it.each([
    ['HANDSHAKE_NO_SSL_SUPPORT', /offers no TLS/],
    ['ER_SECURE_TRANSPORT_REQUIRED', /^the server requires TLS/],
  ])('with the error code %s gets exactly one explanation', (code, sentence) => {
    expect(diagnose(driverError(code), instanceEndpoint, passwordAttempt)).toEqual([expect.stringMatching(sentence)]);
  });

  it.each([
    ['certificate has expired', /check the clock of the client; AWS renews the certificates of proxies automatically$/],
    ['self-signed certificate', /amazon-roots\.pem/],
  ])('with the message "%s" has a different remedy at a proxy', (message, sentence) => {
    expect(diagnose(handshakeFailure(message), proxyEndpoint)).toEqual([expect.stringMatching(sentence)]);
  });

  it('is not recognised by its message alone', () => {
    expect(diagnose(new Error('certificate has expired'), instanceEndpoint)).toEqual([]);
  });
});
