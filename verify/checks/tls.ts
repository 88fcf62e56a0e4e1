import { once } from 'node:events';
import { connect, type SecureVersion } from 'node:tls';
import { addressOf, type Reach } from '../caller';
import { checked, notChecked, type Check, type Row } from '../check';

const NEW_VERSIONS: readonly SecureVersion[] = ['TLSv1.2', 'TLSv1.3'];
const OLD_VERSIONS: readonly SecureVersion[] = ['TLSv1', 'TLSv1.1'];

const TIMEOUT_MS = 10_000;

/** Matches the host names that CloudFront itself assigns. */
const CLOUDFRONT_NAME = /\.cloudfront\.net$/;

/** Checks which TLS versions CloudFront and API Gateway accept. */
export const tls: Check = {
  title: 'TLS',
  rows: async function* ({ outputs: { api_url, api_gateway_url }, caller: { reach } }) {
    for (const url of [api_url, api_gateway_url]) {
      if (url === undefined) continue;
      const { hostname } = new URL(url);
      const name = url === api_url ? 'CloudFront' : 'API Gateway';
      for (const version of NEW_VERSIONS) yield await checkAccepted(reach, hostname, name, version);
      // Old versions are checked at CloudFront only: the API sets no security policy, so API Gateway chooses the versions.
      if (url === api_url) for (const version of OLD_VERSIONS) yield await checkRefused(reach, hostname, name, version);
    }
  },
};

async function checkAccepted(reach: Reach, host: string, name: string, version: SecureVersion): Promise<Row> {
  const expected = 'accepted, certificate valid';
  const failure = await shakeHands(reach, host, version).then(() => undefined, String);
  return checked(`${version} at ${name}`, expected, failure ?? expected);
}

/**
 * Checks that an old version is refused. At a name in cloudfront.net, an accepted version passes too, because no setting makes
 * CloudFront refuse old versions there.
 *
 * https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_ViewerCertificate.html
 */
async function checkRefused(reach: Reach, host: string, name: string, version: SecureVersion): Promise<Row> {
  const what = `${version} at ${name}`;
  const isOwnName = CLOUDFRONT_NAME.test(host);
  const expected = isOwnName
    ? 'refused or accepted: CloudFront has no setting to refuse this version at its own name'
    : 'refused';
  const failure = await shakeHands(reach, host, version).then(
    () => undefined,
    (error: unknown) => error as NodeJS.ErrnoException,
  );
  if (failure === undefined) return checked(what, expected, 'accepted', isOwnName);
  if (failure.code === 'ERR_SSL_NO_PROTOCOLS_AVAILABLE') {
    return notChecked(what, expected, 'this Node.js does not support it');
  }
  const isRefused = /PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|HANDSHAKE_FAILURE|ECONNRESET/.test(failure.code ?? '');
  return checked(what, expected, isRefused ? 'refused' : String(failure), isRefused);
}

/**
 * Opens a connection in one version of TLS and verifies the certificate.
 *
 * SECURITY: old versions need the lowest security level of OpenSSL, which allows weak algorithms. These connections carry no data.
 */
async function shakeHands(reach: Reach, servername: string, version: SecureVersion): Promise<void> {
  const { authority } = reach;
  const socket = connect({
    ...addressOf(reach, servername, 443),
    servername,
    minVersion: version,
    maxVersion: version,
    ...(OLD_VERSIONS.includes(version) && { ciphers: 'DEFAULT@SECLEVEL=0' }),
    ...(authority !== undefined && { ca: authority }),
  });
  try {
    await once(socket, 'secureConnect', { signal: AbortSignal.timeout(TIMEOUT_MS) });
  } finally {
    socket.destroy();
  }
}
