import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exchange, receiveRequest } from '../../http/exchange';
import { startMoto, type Moto } from '../../moto/moto';
import { startHttpServer } from './http-server';

/** A moto with a port, which is open to every program on this machine. */
export interface MotoOnPort extends Moto {
  readonly url: string;
}

/** Starts moto, and a port that forwards each request to moto's Unix socket, for clients that cannot use such a socket. */
export async function startMotoOnPort(): Promise<MotoOnPort> {
  const folder = mkdtempSync(join(tmpdir(), 'moto-'));
  const moto = await startMoto(folder);
  const server = await startHttpServer((incoming, response) => {
    void receiveRequest(incoming)
      .then((request) => exchange(moto.socket, request))
      .then(({ status, headers, body }) => response.writeHead(status, headers).end(body));
  });
  return {
    ...moto,
    url: server.url,
    stop: async () => {
      server.stop();
      await moto.stop();
      rmSync(folder, { recursive: true });
    },
  };
}
