import { once } from 'node:events';
import * as http from 'node:http';
import * as https from 'node:https';
import { buffer } from 'node:stream/consumers';

export interface HttpRequest {
  readonly port: number;
  /** Host name for TLS and the Host header. */
  readonly host: string;
  readonly path?: string;
  readonly method?: string;
  readonly headers?: http.OutgoingHttpHeaders;
  readonly body?: string;
  /** Address to call. @default '127.0.0.1' */
  readonly address?: string;
  /** Address to call from. */
  readonly from?: string;
  /** Certificate authority of the server, in PEM. @default - calls without TLS */
  readonly ca?: string;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
  readonly bytes: Buffer;
  /** Parses the body as JSON. */
  readonly json: () => any;
}

/** Sends one request on its own connection. */
export async function call(request: HttpRequest): Promise<HttpResponse> {
  const { port, host, path, method, headers, body, address = '127.0.0.1', from, ca } = request;
  const options = {
    host: address,
    port,
    path,
    method,
    headers: { host, ...headers },
    agent: false as const,
    // CloudFront returns up to 20 KiB of headers. A client of Node.js accepts 16 KiB by default.
    maxHeaderSize: 2 ** 16,
    ...(from !== undefined && { localAddress: from }),
  };
  const sent = ca === undefined ? http.request(options) : https.request({ ...options, ca, servername: host });
  sent.end(body);
  const [response] = (await once(sent, 'response')) as [http.IncomingMessage];
  const bytes = await buffer(response);
  const text = bytes.toString('utf8');
  return { status: response.statusCode ?? 0, headers: response.headers, text, bytes, json: () => JSON.parse(text) };
}
