import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { demandPort, freePort } from '../../../local/processes/free-port';

describe('a port', () => {
  it('is let be where it is free', async () => {
    const port = await freePort();
    await demandPort('127.0.0.1', port);
    await demandPort('127.0.0.1', port);
  });

  it('that somebody has is told, with who tells by whom', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await expect(demandPort('127.0.0.1', port)).rejects.toThrow(
      `Port ${port} of 127.0.0.1 is taken. \`ss -ltnp 'sport = :${port}'\` tells by what; end it.`,
    );
    server.close();
  });

  it('of an address that this machine does not have is told, with what adds it', async () => {
    await expect(demandPort('192.0.2.1', 3306)).rejects.toThrow(
      'This machine has no address 192.0.2.1. On macOS `sudo ifconfig lo0 alias 192.0.2.1` adds it.',
    );
  });
});
