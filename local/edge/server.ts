import * as http from 'node:http';
import * as https from 'node:https';
import type { Duplex } from 'node:stream';
import type { SecureContextOptions } from 'node:tls';
import type { Applied } from '../applied';
import { ownAddresses } from '../network/claim';
import { listenAtAll, stopServers } from '../processes/listen';
import type { KeyedCertificate } from '../certificates/certificate-authority';
import { CloudFront, type CloudFrontOptions } from './cloudfront';
import { readDistribution } from './distribution';
import { errorPage } from './cloudfront-response';
import type { Scheme } from './viewer-request';

export interface EdgeOptions extends CloudFrontOptions {
  /** Certificate for the distribution's names and `localhost`. */
  readonly certificate: KeyedCertificate;
  /** 0 for any free port. */
  readonly httpsPort: number;
  /** 0 for any free port. */
  readonly httpPort: number;
  /** Takes a line for each request without a complete response, and for each connection that cannot be accepted. */
  readonly log: (line: string) => void;
}

export interface RunningEdge {
  readonly httpsPort: number;
  readonly httpPort: number;
  /**
   * Serves the newly applied distribution to every request from now on. Requests in flight finish with the previous one.
   * The servers keep their addresses, even if the update turns IPv6 on or off.
   *
   * @param certificate for connections that begin from now on. @default - the previous certificate; the minimum TLS version then stays too,
   *   even if the new distribution has another one
   * @throws Unsupported under the same conditions as `startEdge`. The previous distribution then stays in service.
   */
  update(applied: Applied, certificate?: KeyedCertificate): void;
  stop(): void;
}

/** OpenSSL's default ciphers at security level 0. Higher levels refuse TLS 1.0 and 1.1, which a distribution may allow. */
const CIPHERS = 'DEFAULT@SECLEVEL=0';

/**
 * Maximum size of a request line and headers:
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html
 */
const REQUEST_BYTES = 20_480;

/**
 * Serves the applied distribution behind its web ACL. The server listens only on loopback, where
 * `publicAddressOf` gives each caller a simulated public address for the web ACL.
 *
 * @throws Error if no distribution is applied or a port is in use.
 * @throws Unsupported if the distribution uses a feature that this server lacks.
 */
export async function startEdge(options: EdgeOptions): Promise<RunningEdge> {
  const { isIpv6Enabled } = readDistribution(options.applied);
  const addresses = ownAddresses().filter((address) => isIpv6Enabled || address !== '::1');
  let httpsPort = options.httpsPort;
  const openCloudFront = (applied: Applied): CloudFront =>
    new CloudFront(readDistribution(applied), { ...options, applied }, () => httpsPort);
  let cloudFront = openCloudFront(options.applied);
  const { log } = options;
  const answerOver =
    (scheme: Scheme): http.RequestListener =>
    (incoming, response) =>
      void cloudFront.handle(incoming, response, scheme).catch((error: unknown) => {
        log(`${incoming.method ?? ''} ${incoming.url ?? ''} got no complete response: ${String(error)}`);
        response.destroy();
      });
  const tls = { ...tlsOf(options.applied, options.certificate), maxHeaderSize: REQUEST_BYTES };
  const httpsServers = addresses.map(() => https.createServer(tls, answerOver('https')));
  const httpServers = addresses.map(() => http.createServer({ maxHeaderSize: REQUEST_BYTES }, answerOver('http')));
  const servers = [...httpsServers, ...httpServers];
  for (const server of servers) server.on('clientError', refuseUnreadable);
  const stop = (): void => {
    stopServers(servers);
    cloudFront.stop();
  };
  try {
    httpsPort = await listenAtAll(addresses, httpsServers, options.httpsPort, log);
    const httpPort = await listenAtAll(addresses, httpServers, options.httpPort, log);
    const update: RunningEdge['update'] = (applied, certificate) => {
      cloudFront = openCloudFront(applied);
      if (certificate) for (const server of httpsServers) server.setSecureContext(tlsOf(applied, certificate));
    };
    return { httpsPort, httpPort, update, stop };
  } catch (error) {
    stop();
    throw error;
  }
}

const tlsOf = (applied: Applied, certificate: KeyedCertificate): SecureContextOptions => ({
  ...certificate,
  minVersion: readDistribution(applied).minimumTls,
  ciphers: CIPHERS,
});

/** Answers 413 if request line and headers are too long, and 400 if Node cannot read the request for another reason. */
function refuseUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable) return;
  const { status, headers, body } = errorPage(error.code === 'HPE_HEADER_OVERFLOW' ? 413 : 400, 'Bad request.', '-');
  const lines = headers.map(([name, value]) => `${name}: ${value}`);
  const head = [`HTTP/1.1 ${status} ${http.STATUS_CODES[status] ?? ''}`, ...lines, 'connection: close', '', ''];
  socket.end(head.join('\r\n') + body.toString());
}
