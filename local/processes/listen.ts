import { once } from 'node:events';
import type { Server as HttpServer } from 'node:http';
import type { AddressInfo, Server } from 'node:net';

/**
 * Starts a server. If it later fails to accept a connection, for example for lack of file descriptors, it logs the failure and
 * continues.
 *
 * @param port 0 for any free port
 * @param log takes a line for each connection that the server cannot accept
 * @returns the port
 * @throws Error if the server cannot listen, for example because another process uses the address and port.
 */
export async function listen(
  server: Server,
  address: string,
  port: number,
  log: (line: string) => void,
): Promise<number> {
  await once(server.listen(port, address), 'listening');
  server.on('error', (error) => log(`A connection to ${address} could not be accepted: ${error.message}`));
  return (server.address() as AddressInfo).port;
}

/**
 * Starts one server at each address, all on the same port. Calls {@link listen} for each server.
 *
 * @returns the port
 */
export async function listenAtAll(
  addresses: readonly string[],
  servers: readonly Server[],
  port: number,
  log: (line: string) => void,
): Promise<number> {
  let commonPort = port;
  for (const [i, server] of servers.entries()) commonPort = await listen(server, addresses[i] ?? '', commonPort, log);
  return commonPort;
}

/** Stops HTTP servers and closes their connections. */
export function stopServers(servers: readonly HttpServer[]): void {
  for (const server of servers) {
    server.close();
    server.closeAllConnections();
  }
}
