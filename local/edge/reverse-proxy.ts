import { once } from 'node:events';
import * as http from 'node:http';
import * as https from 'node:https';
import { pipeline } from 'node:stream/promises';
import { endToEndHeaders, headersOf } from '../http/headers';
import { passBody } from '../http/pass-body';
import { ownAddresses } from '../network/claim';
import { listenAtAll, stopServers } from '../processes/listen';

export interface ReverseProxyOptions {
  /** 0 for any free port. */
  readonly port: number;
  /** CloudFront's HTTPS port. The proxy calls CloudFront at the local address that the caller used. */
  readonly httpsPort: number;
  /** PEM of the authority that signed CloudFront's certificate. */
  readonly ca: string;
  /** Takes a line for each connection that the server cannot accept. */
  readonly log: (line: string) => void;
}

/** The server that browsers on this machine open. */
export interface ReverseProxy {
  readonly port: number;
  stop(): void;
}

/**
 * Serves CloudFront over plain HTTP to browsers on this machine, which do not trust CloudFront's certificate. The proxy calls
 * CloudFront over verified TLS, from the loopback address of the caller, so the web ACL sees that address.
 */
export async function startReverseProxy({ port, httpsPort, ca, log }: ReverseProxyOptions): Promise<ReverseProxy> {
  // CloudFront's certificate has the name localhost, not the addresses that this proxy calls.
  const agent = new https.Agent({ keepAlive: true, ca, servername: 'localhost', minVersion: 'TLSv1.2' });
  const addresses = ownAddresses();
  const servers = addresses.map(() =>
    http.createServer((incoming, response) => void forward(incoming, response, { agent, port: httpsPort })),
  );
  const stop = (): void => {
    stopServers(servers);
    agent.destroy();
  };
  try {
    return { port: await listenAtAll(addresses, servers, port, log), stop };
  } catch (error) {
    stop();
    throw error;
  }
}

async function forward(
  incoming: http.IncomingMessage,
  response: http.ServerResponse,
  upstream: https.RequestOptions,
): Promise<void> {
  if (isForeign(incoming)) {
    response
      .writeHead(403, { 'content-type': 'text/plain' })
      .end('Requests from pages of other origins are blocked.\n');
    return;
  }
  try {
    const outgoing = send(incoming, upstream);
    response.on('close', () => outgoing.destroy());
    const answered = once(outgoing, 'response') as Promise<[http.IncomingMessage]>;
    const [[answer]] = await Promise.all([answered, pipeline(incoming, outgoing)]);
    await passOn(answer, response);
  } catch (error) {
    if (response.headersSent) response.destroy();
    else response.writeHead(502, { 'content-type': 'text/plain' }).end(`CloudFront: ${(error as Error).message}\n`);
  }
}

function send(incoming: http.IncomingMessage, upstream: https.RequestOptions): http.ClientRequest {
  const { socket, method, url: path } = incoming;
  const outgoing = https.request({
    ...upstream,
    host: socket.localAddress,
    localAddress: socket.remoteAddress,
    method,
    path,
    headers: endToEndHeaders(headersOf(incoming)).flat(),
  });
  // The connection can also break after the response began; without this listener, that error would end the process.
  return outgoing.on('error', () => undefined);
}

/**
 * Returns whether a page of another origin sent the request, for example by a fetch or a frame. A request is not foreign if it
 * opens a whole page, as a link does, or has no Sec-Fetch-Site.
 *
 * SECURITY: without this check, any page could call the API here. CloudFront's own port needs no check, because browsers reject its
 * untrusted certificate.
 *
 * https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Sec-Fetch-Site
 */
function isForeign({ headers }: http.IncomingMessage): boolean {
  const site = headers['sec-fetch-site'];
  if (site === undefined || site === 'none' || site === 'same-origin') return false;
  return headers['sec-fetch-mode'] !== 'navigate' || headers['sec-fetch-dest'] !== 'document';
}

/** Forwards the answer without Strict-Transport-Security, which would move browsers from this port to HTTPS. */
async function passOn(answer: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
  const headers = endToEndHeaders(headersOf(answer)).filter(
    ([name]) => name.toLowerCase() !== 'strict-transport-security',
  );
  response.writeHead(answer.statusCode ?? 502, headers.flat());
  await passBody(answer, response);
}
