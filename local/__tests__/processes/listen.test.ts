import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { listen } from '../../processes/listen';

describe('a server', () => {
  it('keeps running if it cannot accept a connection', async () => {
    const lines: string[] = [];
    const server = createServer((socket) => socket.end('here'));
    const port = await listen(server, '127.0.0.1', 0, (line) => lines.push(line));
    server.emit('error', new Error('accept EMFILE'));
    expect(lines).toEqual(['A connection to 127.0.0.1 could not be accepted: accept EMFILE']);
    const [bytes] = (await once(connect(port, '127.0.0.1'), 'data')) as [Buffer];
    expect(bytes.toString()).toBe('here');
    server.close();
  });

  it('does not start if another server uses the port', async () => {
    const otherServer = createServer();
    const port = await listen(otherServer, '127.0.0.1', 0, () => undefined);
    await expect(listen(createServer(), '127.0.0.1', port, () => undefined)).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
    otherServer.close();
  });
});
