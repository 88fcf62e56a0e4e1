import * as http from 'node:http';
import * as https from 'node:https';
import { createSecureContext } from 'node:tls';
import { hasBody } from '../http/headers';
import type { Origin } from './distribution';
import type { OriginRequest } from './origin-request';

/** Returns the local address of a host name and port; `undefined` if there is none. */
export type Resolve = (host: string, port: number) => { readonly address: string; readonly port: number } | undefined;

/** The origin is unreachable or sends no valid response. */
export class OriginError extends Error {
  override readonly name = 'OriginError';

  constructor(
    /** CloudFront's status: 502 for an unreachable origin or an invalid response, 504 for a timeout. */
    readonly status: 502 | 504,
    reason: string,
    options?: ErrorOptions,
  ) {
    super(reason, options);
  }
}

/**
 * Maximum size of an origin's status line and headers:
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html
 */
const MAX_HEADER_BYTES = 20_480;

/**
 * Option with the loopback address from which CloudFront calls origins, so that an origin can tell CloudFront from a viewer. Empty
 * except on Linux: on macOS a loopback address other than 127.0.0.1 must first be configured.
 */
const LOCAL_ADDRESS = process.platform === 'linux' ? { localAddress: '127.0.0.254' } : {};

/** Calls an origin over keep-alive connections. */
export class OriginClient {
  private readonly plain: http.Agent;
  private readonly tls: https.Agent;

  /** @param ca PEM of the certificate authority that must have signed the origin's certificate */
  constructor(
    private readonly origin: Origin,
    private readonly resolve: Resolve,
    ca: string,
  ) {
    const agentOptions = { keepAlive: true, timeout: origin.origin_keepalive_timeout * 1000 };
    this.plain = new http.Agent(agentOptions);
    this.tls = new https.Agent({ ...agentOptions, secureContext: createSecureContext({ ca, minVersion: 'TLSv1.2' }) });
  }

  /**
   * Sends a request to the origin, with the body of the viewer's request if it has one.
   *
   * @throws OriginError if the origin is unreachable or sends no valid response.
   */
  send(request: OriginRequest, viewerRequest: http.IncomingMessage): Promise<http.IncomingMessage> {
    const { origin_read_timeout: seconds } = this.origin;
    return new Promise((resolve, reject) => {
      const outgoing = this.open(request);
      outgoing
        .on('response', (answer) => {
          const { statusCode = 0 } = answer;
          if (statusCode >= 200) resolve(answer);
          else outgoing.destroy(new OriginError(502, `invalid HTTP status: ${statusCode}`));
        })
        .on('timeout', () => outgoing.destroy(new OriginError(504, `no answer within ${seconds} seconds`)))
        .on('error', (error) => {
          reject(error instanceof OriginError ? error : new OriginError(502, error.message, { cause: error }));
        });
      if (hasBody(viewerRequest.headers)) viewerRequest.on('error', () => outgoing.destroy()).pipe(outgoing);
      else outgoing.end();
    });
  }

  stop(): void {
    this.plain.destroy();
    this.tls.destroy();
  }

  private open({ scheme, method, path, headers }: OriginRequest): http.ClientRequest {
    const { domain_name: host, http_port, https_port, origin_read_timeout } = this.origin;
    const port = scheme === 'https' ? https_port : http_port;
    const target = this.resolve(host, port);
    if (target === undefined) throw new OriginError(502, `unknown host: ${host}:${port}`);
    const options = {
      ...LOCAL_ADDRESS,
      host: target.address,
      port: target.port,
      method,
      path,
      headers: headers.flat(),
      maxHeaderSize: MAX_HEADER_BYTES,
      timeout: origin_read_timeout * 1000,
    };
    return scheme === 'https'
      ? https.request({ ...options, agent: this.tls, servername: host })
      : http.request({ ...options, agent: this.plain });
  }
}
