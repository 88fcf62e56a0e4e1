import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';

/**
 * Starts a server, and keeps it going where it cannot accept a connection later, as when there are no file descriptors
 * left: only that connection is lost.
 *
 * @param port 0 for a free one
 * @param log takes a line for each connection that is lost
 * @returns the port
 * @throws Error where another process has the address and port.
 */
export async function listen(
  server: Server,
  address: string,
  port: number,
  log: (line: string) => void,
): Promise<number> {
  await once(server.listen(port, address), 'listening');
  server.on('error', (error) => log(`A connection to ${address} is lost: ${error.message}`));
  return (server.address() as AddressInfo).port;
}
