import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exchange, receiveRequest } from '../../http/exchange';
import { startMoto, type Moto } from '../../moto/moto';

/** A moto with a port, open to every program on this machine. */
export interface OpenMoto extends Moto {
  readonly url: string;
}

/** Starts moto without the control plane, for clients that need only a URL. */
export async function startOpenMoto(): Promise<OpenMoto> {
  const folder = mkdtempSync(join(tmpdir(), 'moto-'));
  const moto = await startMoto(folder);
  const server = createServer((incoming, response) => {
    void receiveRequest(incoming)
      .then((request) => exchange(moto.socket, request))
      .then(({ status, headers, body }) => response.writeHead(status, headers).end(body));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    ...moto,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await moto.stop();
      rmSync(folder, { recursive: true });
    },
  };
}
