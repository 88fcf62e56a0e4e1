import { Duplex, PassThrough } from 'node:stream';
import type { ClientConnection } from '../../../rds/protocol/client-connection';
import { serveDirectly } from '../../../rds/instance/direct-session';
import { frame, PacketReader } from '../../../rds/protocol/packets';
import type { Translator } from '../../../rds/instance/translator';
import { Command } from '../../../rds/protocol/wire';

const query = (statement: string): Buffer => frame(0, Buffer.from(`\x03${statement}`));

/** A translator that changes no statement. */
const noTranslation = { translate: ({ payload }) => Promise.resolve(payload) } as Pick<
  Translator,
  'translate'
> as Translator;

const clientOf = (stream: Duplex) => ({ stream, reader: new PacketReader(stream) }) as unknown as ClientConnection;

/** Makes a stand-in for the connection to the database. `written` collects what the session writes to it. */
function standInForServer(): { readonly server: Duplex; readonly written: Buffer[] } {
  const server = new PassThrough();
  const written: Buffer[] = [];
  server.write = (chunk: Buffer) => written.push(chunk) > 0;
  return { server, written };
}

describe('serveDirectly', () => {
  it('closes both connections if the database stops during a translation', async () => {
    const stream = new PassThrough();
    const { server } = standInForServer();
    const failing = { translate: () => Promise.reject(new Error('MariaDB is gone')) } as unknown as Translator;
    const session = serveDirectly(clientOf(stream), server, failing);
    stream.write(query('ALTER USER'));
    await session;
    expect([stream.destroyed, server.writableEnded]).toEqual([true, true]);
  });

  it('ends if the database stops reading and then disconnects', async () => {
    const stream = new PassThrough();
    const server = new Duplex({ highWaterMark: 1, read: () => undefined, write: () => undefined });
    const session = serveDirectly(clientOf(stream), server, noTranslation);
    stream.write(query('SELECT 1'));
    while (!server.writableNeedDrain) await new Promise(setImmediate);
    server.destroy();
    await session;
    expect(stream.destroyed).toBe(true);
  });

  it.each([1, 3, 5, 1000, 1_000_000])('passes on every byte if the client sends chunks of %d bytes', async (size) => {
    const packets = [
      query('SELECT 1'),
      frame(0, Buffer.from([Command.PING])),
      frame(0, Buffer.alloc(0)),
      // Begins like a query, but its sequence number 1 shows that it is not a command.
      frame(1, Buffer.from('\x03the content of a file')),
      // Longer than 65,536 bytes, the limit for a translation.
      query('x'.repeat(70_000)),
      query('SELECT 2'),
    ];
    const bytes = Buffer.concat(packets);
    const stream = new PassThrough({ highWaterMark: 1_000_000 });
    const { server, written } = standInForServer();
    for (let start = 0; start < bytes.length; start += size) stream.write(bytes.subarray(start, start + size));
    stream.end();
    await serveDirectly(clientOf(stream), server, noTranslation);
    expect(Buffer.concat(written).equals(bytes)).toBe(true);
  });
});
