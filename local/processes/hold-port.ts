import { createServer, type Server } from 'node:net';
import { listen } from './listen';

/** A port that this process keeps from other programs until `release`. */
export interface HeldPort {
  readonly port: number;
  release(): void;
}

/**
 * Occupies one port on each of these addresses: listens there, and closes every connection at once.
 *
 * @throws Error with the remedy if the port is in use, or this machine lacks an address.
 */
export async function holdPort(addresses: readonly string[], port: number): Promise<HeldPort> {
  const servers: Server[] = [];
  const release = (): void => {
    for (const server of servers) server.close();
  };
  for (const address of addresses) {
    const server = createServer((socket) => socket.destroy());
    servers.push(server);
    try {
      await listen(server, address, port, () => undefined);
    } catch (error) {
      release();
      const remedy = remedyFor((error as NodeJS.ErrnoException).code, address, port);
      throw new Error(remedy ?? String(error), { cause: error });
    }
  }
  return { port, release };
}

function remedyFor(code: string | undefined, address: string, port: number): string | undefined {
  if (code === 'EADDRINUSE') {
    return `Port ${port} of ${address} is in use. \`ss -ltnp 'sport = :${port}'\` shows which program uses it; end that program.`;
  }
  if (code === 'EADDRNOTAVAIL') {
    return `This machine has no address ${address}. On macOS \`sudo ifconfig lo0 alias ${address}\` adds it.`;
  }
  return undefined;
}
