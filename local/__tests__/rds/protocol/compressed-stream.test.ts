import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Duplex, PassThrough } from 'node:stream';
import { deflateSync, inflateSync } from 'node:zlib';
import { CompressedStream } from '../../../rds/protocol/compressed-stream';

/** A packet of the compressed protocol. */
function packet(sequence: number, content: Buffer, announcedLength = content.length): Buffer {
  const body = deflateSync(content);
  const header = Buffer.alloc(7);
  header.writeUIntLE(body.length, 0, 3);
  header.writeUInt8(sequence, 3);
  header.writeUIntLE(announcedLength, 4, 3);
  return Buffer.concat([header, body]);
}

describe('CompressedStream', () => {
  const connection = () => {
    const [fromClient, toClient] = [new PassThrough(), new PassThrough()];
    const raw = Duplex.from({ readable: fromClient, writable: toClient });
    // CompressedStream leaves the errors of the raw stream to the owner of that stream.
    raw.on('error', () => undefined);
    return { fromClient, toClient, stream: new CompressedStream(raw) };
  };

  it('decompresses a packet that arrives byte by byte', async () => {
    const { fromClient, stream } = connection();
    const content = Buffer.from('SELECT 1 '.repeat(1000));
    for (const byte of packet(0, content)) fromClient.write(Buffer.from([byte]));
    await once(stream, 'readable');
    expect(stream.read()).toEqual(content);
  });

  it('continues the client’s sequence numbers, and compresses only data that becomes shorter', async () => {
    const { fromClient, toClient, stream } = connection();
    fromClient.write(packet(4, Buffer.from('SELECT 1')));
    await once(stream, 'readable');
    stream.read();
    stream.write('short');
    const long = Buffer.alloc(1000, 'x');
    stream.write(long);
    const incompressible = randomBytes(1000);
    stream.end(incompressible);
    const sent = Buffer.concat((await toClient.toArray()) as Buffer[]);
    // The first packet has 7 bytes of header and 5 of text, the last one 7 and 1,000. The announced length 0 means that the
    // content is not compressed.
    const [first, second, last] = [sent.subarray(0, 12), sent.subarray(12, -1007), sent.subarray(-1007)];
    expect([first[3], first.readUIntLE(4, 3), first.toString('utf8', 7)]).toEqual([5, 0, 'short']);
    expect([second[3], second.readUIntLE(4, 3)]).toEqual([6, 1000]);
    expect(inflateSync(second.subarray(7))).toEqual(long);
    expect([last[3], last.readUIntLE(4, 3)]).toEqual([7, 0]);
    expect(last.subarray(7)).toEqual(incompressible);
  });

  it.each([
    ['claims to be compressed but is not', Buffer.from('\x05\0\0\0\x05\0\0hello', 'latin1')],
    ['decompresses to more than its announced length', packet(0, Buffer.alloc(1_000_000), 1000)],
  ])('closes a connection whose packet %s', async (_what, bytes) => {
    const { fromClient, stream } = connection();
    fromClient.write(bytes);
    await once(stream, 'close');
    expect(stream.read()).toBeNull();
  });
});
