import { request as sendRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';

/** Headers that belong to one connection, not to the message. `expect` was answered by our own server. */
const OF_THE_CONNECTION = ['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'upgrade', 'expect'];

/**
 * Passes a request on and its answer back, both unchanged and as they come.
 *
 * @param upstream URL of the server that answers
 * @returns when the answer is through; a server that is away is answered for with 502
 */
export async function relay(request: IncomingMessage, response: ServerResponse, upstream: string): Promise<void> {
  try {
    const answer = await pass(request, upstream);
    response.writeHead(answer.statusCode ?? 502, answer.statusMessage, withoutConnection(answer.headers));
    await pipeline(answer, response);
  } catch (error) {
    if (response.headersSent) response.destroy();
    else response.writeHead(502).end(`${upstream} does not answer: ${(error as Error).message}`);
  }
}

function pass(request: IncomingMessage, upstream: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const { method, headers } = request;
    const path = new URL(request.url ?? '/', upstream);
    const onward = sendRequest(path, { method, headers: withoutConnection(headers) }, resolve);
    onward.on('error', reject);
    pipeline(request, onward).catch(reject);
  });
}

function withoutConnection<T extends object>(headers: T): T {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !OF_THE_CONNECTION.includes(name))) as T;
}
