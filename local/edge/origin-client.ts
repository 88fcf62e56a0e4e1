import * as http from 'node:http';
import * as https from 'node:https';
import { createSecureContext } from 'node:tls';
import { hasBody } from '../http/headers';
import type { Origin } from './distribution';
import type { OriginRequest } from './origin-request';

/** Where a name and its port lie on this machine. */
export interface Place {
  readonly address: string;
  readonly port: number;
}

/** The DNS that CloudFront asks; `undefined` where there is no such host. */
export type Resolve = (host: string, port: number) => Place | undefined;

/** The origin gave no answer. */
export class OriginAway extends Error {
  override readonly name = 'OriginAway';

  constructor(
    /** CloudFront's: 502 for an origin that is not there, 504 for one that does not answer in time. */
    readonly status: 502 | 504,
    reason: string,
    options?: ErrorOptions,
  ) {
    super(reason, options);
  }
}

/** Of an origin's status line and headers: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html */
const ANSWER_BYTES = 20_480;

/** Loopback address that CloudFront calls origins from, so that they see another caller than the viewer. */
const CLOUDFRONT_ADDRESS = '127.0.0.254';

/** Only Linux has all of 127.0.0.0/8 without being told. */
const LOCAL_ADDRESS = process.platform === 'linux' ? { localAddress: CLOUDFRONT_ADDRESS } : {};

/** Calls an origin, over connections that are kept. */
export class OriginClient {
  private readonly plain: http.Agent;
  private readonly tls: https.Agent;

  /** @param ca PEM of the authority that has to have signed the origin's certificate */
  constructor(
    private readonly origin: Origin,
    private readonly resolve: Resolve,
    ca: string,
  ) {
    const keeping = { keepAlive: true, timeout: origin.keepAliveSeconds * 1000 };
    this.plain = new http.Agent(keeping);
    this.tls = new https.Agent({ ...keeping, secureContext: createSecureContext({ ca, minVersion: 'TLSv1.2' }) });
  }

  /**
   * Sends a request, and its body if there is one.
   *
   * @throws OriginAway where no answer comes.
   */
  send(request: OriginRequest, body: http.IncomingMessage): Promise<http.IncomingMessage> {
    const { readTimeoutSeconds } = this.origin;
    return new Promise((resolve, reject) => {
      const outgoing = this.open(request);
      outgoing
        .on('response', (answer) => {
          const { statusCode = 0 } = answer;
          if (statusCode >= 200) resolve(answer);
          else outgoing.destroy(new OriginAway(502, `no status of HTTP: ${statusCode}`));
        })
        .on('timeout', () => outgoing.destroy(new OriginAway(504, `no answer within ${readTimeoutSeconds} seconds`)))
        .on('error', (error) => {
          reject(error instanceof OriginAway ? error : new OriginAway(502, error.message, { cause: error }));
        });
      if (hasBody(body.headers)) body.on('error', () => outgoing.destroy()).pipe(outgoing);
      else outgoing.end();
    });
  }

  stop(): void {
    this.plain.destroy();
    this.tls.destroy();
  }

  private open({ scheme, method, path, headers }: OriginRequest): http.ClientRequest {
    const { domainName, httpPort, httpsPort, readTimeoutSeconds } = this.origin;
    const port = scheme === 'https' ? httpsPort : httpPort;
    const place = this.resolve(domainName, port);
    if (place === undefined) throw new OriginAway(502, `nobody is at ${domainName}:${port}`);
    const options = {
      ...LOCAL_ADDRESS,
      host: place.address,
      port: place.port,
      method,
      path,
      headers: headers.flat(),
      maxHeaderSize: ANSWER_BYTES,
      timeout: readTimeoutSeconds * 1000,
    };
    return scheme === 'https'
      ? https.request({ ...options, agent: this.tls, servername: domainName })
      : http.request({ ...options, agent: this.plain });
  }
}
