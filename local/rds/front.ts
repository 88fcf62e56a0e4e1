import type { Duplex } from 'node:stream';
import type { ClientConnection } from './client-connection';

/** What stands behind an endpoint's port: logs a client in, then serves it. */
export interface Front {
  /**
   * Serves a client until it leaves.
   *
   * @param address what the caller's address is in the VPC or on the internet
   * @throws Refused where the client does not get in.
   */
  serve(client: ClientConnection, address: string): Promise<void>;
}

/** Carries bytes both ways until one side is gone; then the other goes, too. */
export function join(client: ClientConnection, server: Duplex, through?: Duplex): Promise<void> {
  client.reader.release();
  server.pipe(client.stream);
  if (through) client.stream.pipe(through).pipe(server);
  else client.stream.pipe(server);
  return new Promise((resolve) => {
    client.stream.on('close', () => server.destroy());
    server.on('close', () => {
      client.stream.destroy();
      resolve();
    });
    if (client.stream.destroyed) server.destroy();
    if (server.destroyed) client.stream.destroy();
  });
}
