import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

/** @throws Error that tells what to do where somebody has the port, or where this machine has no such address. */
export async function demandPort(address: string, port: number): Promise<void> {
  const server = createServer().listen(port, address);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new Error(remedyFor((error as NodeJS.ErrnoException).code, address, port) ?? String(error), { cause: error });
  } finally {
    server.close();
  }
}

function remedyFor(code: string | undefined, address: string, port: number): string | undefined {
  if (code === 'EADDRINUSE') {
    return `Port ${port} of ${address} is taken. \`ss -ltnp 'sport = :${port}'\` tells by what; end it.`;
  }
  if (code === 'EADDRNOTAVAIL') {
    return `This machine has no address ${address}. On macOS \`sudo ifconfig lo0 alias ${address}\` adds it.`;
  }
  return undefined;
}

/** A port of 127.0.0.1 that nobody has at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
