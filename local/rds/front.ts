import type { Duplex } from 'node:stream';
import type { ClientConnection } from './client-connection';

/** What stands behind an endpoint's port: logs a client in, then serves it. */
export interface Front {
  /** Seconds that a client may be silent for until it is logged in. */
  readonly connectTimeout: number;

  /**
   * Greets a client, logs it in, and serves it until it leaves.
   *
   * @param address what the caller's address is in the VPC or on the internet
   * @throws Refused where the client does not get in.
   */
  serve(client: ClientConnection, address: string): Promise<void>;
}

/** Carries bytes both ways until one side is gone, or what the client sends cannot be translated; then both are closed. */
export function join(client: ClientConnection, server: Duplex, through?: Duplex): Promise<void> {
  client.reader.release();
  server.pipe(client.stream);
  if (through) {
    through.on('error', () => client.stream.destroy());
    client.stream.pipe(through).pipe(server);
  } else client.stream.pipe(server);
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
