import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { requireFreePort, holdPort } from '../../processes/free-port';
import { freePort } from '../support/free-port';

describe('a port', () => {
  it('stays free if it is only checked', async () => {
    const port = await freePort();
    await requireFreePort('127.0.0.1', port);
    await requireFreePort('127.0.0.1', port);
  });

  it('is taken while held, and free afterwards', async () => {
    const port = await freePort();
    const held = await holdPort(['127.0.0.1', '::1'], port);
    await expect(requireFreePort('127.0.0.1', port)).rejects.toThrow(/in use/);
    await expect(requireFreePort('::1', port)).rejects.toThrow(/in use/);
    held.release();
    await requireFreePort('127.0.0.1', port);
    await requireFreePort('::1', port);
  });

  it('that is in use on one of several addresses is held on none of them', async () => {
    const server = createServer().listen(0, '::1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await expect(holdPort(['127.0.0.1', '::1'], port)).rejects.toThrow(
      `Port ${port} of ::1 is in use. \`ss -ltnp 'sport = :${port}'\` shows by which program; end it.`,
    );
    await requireFreePort('127.0.0.1', port);
    server.close();
  });

  it('of an address that this machine lacks is reported with the command that adds the address', async () => {
    await expect(requireFreePort('192.0.2.1', 3306)).rejects.toThrow(
      'This machine has no address 192.0.2.1. On macOS `sudo ifconfig lo0 alias 192.0.2.1` adds it.',
    );
  });
});
