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
  /** PEM to verify the server. @default - calls without TLS */
  readonly ca?: string;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
  readonly bytes: Buffer;
  /** The body, if it is JSON. */
  readonly json: () => any;
}

/** Sends one request on its own connection. */
export async function call({
  port,
  host,
  path = '/',
  method = 'GET',
  headers,
  body,
  address = '127.0.0.1',
  from,
  ca,
}: HttpRequest): Promise<HttpResponse> {
  const options = {
    host: address,
    port,
    path,
    method,
    headers: { host, ...headers },
    agent: false as const,
    maxHeaderSize: 2 ** 16,
    ...(from !== undefined && { localAddress: from }),
  };
  const request = ca === undefined ? http.request(options) : https.request({ ...options, ca, servername: host });
  request.end(body);
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  const bytes = await buffer(response);
  const text = bytes.toString('utf8');
  return { status: response.statusCode ?? 0, headers: response.headers, text, bytes, json: () => JSON.parse(text) };
}
