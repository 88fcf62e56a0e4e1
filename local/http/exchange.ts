import { Agent, request as sendRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { HOP_BY_HOP } from './headers';

/** A request with its complete body. */
export interface WholeRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A response with its complete body. */
export interface WholeResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Passes a request to moto. */
export type Pass = (request: WholeRequest) => Promise<WholeResponse>;

/** 32 connections are enough to keep the single process of moto busy. */
const agent = new Agent({ keepAlive: true, maxSockets: 32 });

/** SECURITY: matches the headers that would allow any web page in a browser to read a response. */
const CORS = /^access-control-/;

export async function receiveRequest(request: IncomingMessage): Promise<WholeRequest> {
  const { method = 'GET', url: path = '/', headers } = request;
  return { method, path, headers: withoutHopByHop(headers), body: await buffer(request) };
}

/**
 * Sends a request to the server at a Unix socket.
 *
 * @returns the server's response without hop-by-hop and CORS headers; 502 if the server does not answer completely
 */
export async function exchange(
  socketPath: string,
  { method, path, headers, body }: WholeRequest,
): Promise<WholeResponse> {
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const options = { socketPath, path, method, agent, headers: { ...headers, 'content-length': body.length } };
      const outgoing = sendRequest(options, resolve).on('error', reject);
      if (body.length === 0) outgoing.end();
      // `end(body)` makes a second, empty write after the body. If moto has already answered and closed the connection, that write
      // fails with EPIPE, and the answer is lost. `end()` writes nothing once the body is sent.
      else outgoing.write(body, () => outgoing.end());
    });
    const { statusCode: status = 502 } = response;
    const kept = Object.entries(withoutHopByHop(response.headers)).filter(([name]) => !CORS.test(name));
    return { status, headers: Object.fromEntries(kept), body: await buffer(response) };
  } catch (error) {
    const message = `${socketPath} does not answer: ${(error as Error).message}`;
    return { status: 502, headers: {}, body: Buffer.from(message) };
  }
}

/** Removes the hop-by-hop headers and `Expect`. The body is already complete, so the sender need not wait for 100 Continue. */
function withoutHopByHop(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name) && name !== 'expect'));
}
