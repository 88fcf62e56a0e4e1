import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerInvoke, toInvoke } from './invoke';
import { relay } from './relay';
import { Runtime, type RuntimeOptions } from './runtime';
import { Uploads } from './uploads';

export interface LambdaFrontOptions extends Omit<RuntimeOptions, 'endpoint' | 'uploads'> {
  /** URL of moto. */
  readonly upstream: string;
}

/** A running front. */
export interface LambdaFront {
  /** URL of the local AWS for its clients. */
  readonly url: string;
  /** The secret key of credentials that a function was given. */
  secretKeyOf(accessKeyId: string): string | undefined;
  /** Stops the functions too. */
  stop(): Promise<void>;
}

/**
 * Starts the local AWS as its clients see it: moto, but Invoke runs the function that was applied, from the zip that
 * was uploaded. moto itself would want Docker for that.
 */
export async function startLambdaFront(options: LambdaFrontOptions): Promise<LambdaFront> {
  const { upstream, folder } = options;
  mkdirSync(folder, { recursive: true });
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const uploads = new Uploads(folder);
  const runtime = new Runtime({ ...options, endpoint: url, uploads });

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const invoke = toInvoke(request, upstream);
    if (invoke) await answerInvoke(invoke, request, response, runtime);
    else await Promise.all([uploads.keep(request), relay(request, response, upstream)]);
  };
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    answer(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  const stop = async (): Promise<void> => {
    server.close();
    server.closeAllConnections();
    await runtime.stop();
  };
  return { url, secretKeyOf: (accessKeyId) => runtime.secretKeyOf(accessKeyId), stop };
}
