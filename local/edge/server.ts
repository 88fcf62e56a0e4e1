import * as http from 'node:http';
import * as https from 'node:https';
import type { Duplex } from 'node:stream';
import type { Applied } from '../applied';
import { ownAddresses } from '../network/claim';
import { listen } from '../processes/listen';
import type { KeyedCertificate } from '../rds/certificate-authority';
import { CloudFront, type CloudFrontOptions } from './cloudfront';
import { readDistribution } from './distribution';
import { errorPage } from './page';
import type { Scheme } from './viewer';

export interface EdgeOptions extends CloudFrontOptions {
  /** For the distribution's names, and for `localhost`. */
  readonly certificate: KeyedCertificate;
  /** 0 for a free one. */
  readonly httpsPort: number;
  /** 0 for a free one. */
  readonly httpPort: number;
  /** Takes a line for each request that gets no answer because of a fault here or a connection that broke. */
  readonly log: (line: string) => void;
}

export interface RunningEdge {
  readonly httpsPort: number;
  readonly httpPort: number;
  /**
   * Serves what was applied since to whoever asks from now on; a request under way goes on as it began.
   *
   * @throws NotServed as the start does; then all stays as it was.
   */
  update(applied: Applied): void;
  stop(): void;
}

/** OpenSSL's own, and those without which it does not speak TLS 1.0 and 1.1. */
const CIPHERS = 'DEFAULT@SECLEVEL=0';

/** Of a request's line and headers: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html */
const REQUEST_BYTES = 20_480;

/**
 * Serves the distribution that was applied, behind its web ACL. It listens on loopback alone: who calls from another
 * machine has no public address here.
 *
 * @throws Error where no distribution is applied, or NotServed where it has what this server has not.
 */
export async function startEdge(options: EdgeOptions): Promise<RunningEdge> {
  const { ipv6, minimumTls: minVersion } = readDistribution(options.applied);
  const addresses = ownAddresses().filter((address) => ipv6 || address !== '::1');
  let httpsPort = options.httpsPort;
  const open = (applied: Applied): CloudFront =>
    new CloudFront(readDistribution(applied), { ...options, applied }, () => httpsPort);
  let cloudFront = open(options.applied);
  const current = (): CloudFront => cloudFront;
  const tls = { ...options.certificate, minVersion, ciphers: CIPHERS, maxHeaderSize: REQUEST_BYTES };
  const { log } = options;
  const secure = addresses.map(() => serve(https.createServer(tls), current, 'https', log));
  const plain = addresses.map(() => serve(http.createServer({ maxHeaderSize: REQUEST_BYTES }), current, 'http', log));
  const stop = (): void => {
    for (const server of [...secure, ...plain]) {
      server.close();
      server.closeAllConnections();
    }
    cloudFront.stop();
  };
  try {
    httpsPort = await listenAt(addresses, secure, options.httpsPort, log);
    const httpPort = await listenAt(addresses, plain, options.httpPort, log);
    const update = (applied: Applied): void => void (cloudFront = open(applied));
    return { httpsPort, httpPort, update, stop };
  } catch (error) {
    stop();
    throw error;
  }
}

/** Listens on the same port of every address. */
async function listenAt(
  addresses: readonly string[],
  servers: readonly http.Server[],
  port: number,
  log: EdgeOptions['log'],
): Promise<number> {
  let common = port;
  for (const [i, server] of servers.entries()) common = await listen(server, addresses[i] ?? '', common, log);
  return common;
}

function serve(server: http.Server, current: () => CloudFront, scheme: Scheme, log: EdgeOptions['log']): http.Server {
  server.on('request', (incoming: http.IncomingMessage, response: http.ServerResponse) => {
    current()
      .handle(incoming, response, scheme)
      .catch((error: unknown) => {
        log(`${incoming.method ?? ''} ${incoming.url ?? ''} gets no whole answer: ${String(error)}`);
        response.destroy();
      });
  });
  return server.on('clientError', refuseUnreadable);
}

/** Answers what is too long to be read, or is no HTTP. */
function refuseUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable) return;
  const { status, headers, html } = errorPage(error.code === 'HPE_HEADER_OVERFLOW' ? 413 : 400, 'Bad request.', '-');
  const lines = headers.map(([name, value]) => `${name}: ${value}`);
  socket.end(
    [`HTTP/1.1 ${status} ${http.STATUS_CODES[status] ?? ''}`, ...lines, 'connection: close', '', html].join('\r\n'),
  );
}
