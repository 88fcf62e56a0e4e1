import { onCode, readHost, type Cause, type Failure } from './cause';

/** mysql2 keeps only the message of what went wrong in TLS. */
const onTls = (pattern: RegExp, says: (failure: Failure) => string): Cause => {
  return (failure) =>
    failure.code === 'HANDSHAKE_SSL_ERROR' && pattern.test(failure.message) ? says(failure) : undefined;
};

const layerFile = (host: string): string =>
  readHost(host)?.isProxy ? '/opt/certs/amazon-roots.pem for a proxy' : '/opt/certs/rds.pem for an instance';

/** The server was reached, and TLS did not come about: user and password were not looked at. */
export const tlsCauses: readonly Cause[] = [
  onTls(
    /self[- ]signed|issuer certificate|unable to verify|signature failure/i,
    ({ target: { host } }) =>
      `the certificate of ${host} is signed by no authority in DB_CA_FILE: it must be ${layerFile(host)}`,
  ),
  onTls(
    /does not match certificate's altnames/i,
    ({ target: { host } }) =>
      `the certificate is that of another host than ${host}: DB_HOST must be the name that RDS gave, neither a CNAME nor an address`,
  ),
  onTls(
    /expired|not yet valid/i,
    ({ target: { host } }) =>
      `the certificate of ${host} or of its authority is not valid today: look at the clock, then rotate the certificate of the instance`,
  ),
  onCode(
    'HANDSHAKE_NO_SSL_SUPPORT',
    ({ target }) => `${target.host} offers no TLS: it is no endpoint of RDS, look at DB_HOST`,
  ),
  onCode(
    'ER_SECURE_TRANSPORT_REQUIRED',
    () => 'the server asks for TLS and the client came without: connect with TLS and the certificate authorities',
  ),
];
