import { byCode, parseHost, type Cause } from './cause';

/** Recognises a TLS error by its message, because mysql2 discards the error's code. */
const byTlsMessage =
  (pattern: RegExp, sentenceOf: (host: string) => string): Cause =>
  ({ code, message, target: { host } }) =>
    code === 'HANDSHAKE_SSL_ERROR' && pattern.test(message) ? sentenceOf(host) : undefined;

const rightCaFile = (host: string): string =>
  parseHost(host)?.isProxy ? '/opt/certs/amazon-roots.pem for a proxy' : '/opt/certs/rds.pem for an instance';

/** Causes of a failed or missing TLS handshake. A wrong user or password is no cause: the client sends both after the handshake. */
export const tlsCauses: readonly Cause[] = [
  byTlsMessage(
    /self[- ]signed|issuer certificate|unable to verify|signature failure/i,
    (host) => `no authority in DB_CA_FILE signed the certificate of ${host}: DB_CA_FILE must be ${rightCaFile(host)}`,
  ),
  byTlsMessage(
    /does not match certificate's altnames/i,
    (host) => `the certificate is not for ${host}: DB_HOST must be the RDS endpoint, neither a CNAME nor an address`,
  ),
  byTlsMessage(/expired|not yet valid/i, (host) => {
    const remedy = parseHost(host)?.isProxy
      ? 'AWS renews the certificates of proxies automatically'
      : 'if the clock is right, rotate the certificate of the instance';
    return `the certificate of ${host} or of its authority is not valid today: check the clock of the client; ${remedy}`;
  }),
  byCode({
    HANDSHAKE_NO_SSL_SUPPORT: ({ target }) => `${target.host} offers no TLS: it is not an RDS endpoint, check DB_HOST`,
    ER_SECURE_TRANSPORT_REQUIRED: () =>
      'the server requires TLS: connect with TLS and verify the certificate with the authorities in DB_CA_FILE',
  }),
];
