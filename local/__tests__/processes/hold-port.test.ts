import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { holdPort } from '../../processes/hold-port';
import { freePort } from '../support/free-port';

/** @throws Error if the port is in use. */
const requireFree = async (address: string, port: number): Promise<void> => (await holdPort([address], port)).release();

describe('a port', () => {
  it('is taken while held, and free afterwards', async () => {
    const port = await freePort();
    const held = await holdPort(['127.0.0.1', '::1'], port);
    await expect(requireFree('127.0.0.1', port)).rejects.toThrow(/in use/);
    await expect(requireFree('::1', port)).rejects.toThrow(/in use/);
    held.release();
    await requireFree('127.0.0.1', port);
    await requireFree('::1', port);
  });

  it('that is in use on one of several addresses is held on none of them', async () => {
    const server = createServer().listen(0, '::1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await expect(holdPort(['127.0.0.1', '::1'], port)).rejects.toThrow(
      `Port ${port} of ::1 is in use. \`ss -ltnp 'sport = :${port}'\` shows which program uses it; end that program.`,
    );
    await requireFree('127.0.0.1', port);
    server.close();
  });

  it('of an address that this machine lacks is reported with the command that adds the address', async () => {
    // An address for documentation, which no machine has.
    await expect(requireFree('192.0.2.1', 3306)).rejects.toThrow(
      'This machine has no address 192.0.2.1. On macOS `sudo ifconfig lo0 alias 192.0.2.1` adds it.',
    );
  });
});
