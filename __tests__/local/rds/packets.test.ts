import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { frame, PacketReader } from '../../../local/rds/packets';

const [FIRST, SECOND] = [Buffer.from('first'), Buffer.from('second')];

describe('PacketReader', () => {
  it('reads packets however they are cut into chunks', async () => {
    const stream = new PassThrough();
    const reader = new PacketReader(stream);
    const bytes = Buffer.concat([frame(0, FIRST), frame(7, SECOND)]);
    for (const byte of bytes) stream.write(Buffer.from([byte]));
    expect(await reader.next()).toEqual({ sequence: 0, payload: FIRST });
    expect(await reader.next()).toEqual({ sequence: 7, payload: SECOND });
  });

  it('reads an empty payload', async () => {
    const stream = new PassThrough();
    stream.write(frame(3, Buffer.alloc(0)));
    expect(await new PacketReader(stream).next()).toEqual({ sequence: 3, payload: Buffer.alloc(0) });
  });

  it('gives back what came behind the packet', async () => {
    const stream = new PassThrough();
    stream.write(Buffer.concat([frame(0, FIRST), SECOND]));
    const reader = new PacketReader(stream);
    await reader.next();
    reader.release();
    expect(stream.read()).toEqual(SECOND);
  });

  it('fails where the stream ends before the packet does', async () => {
    const stream = new PassThrough();
    stream.end(frame(0, FIRST).subarray(0, 6));
    await expect(new PacketReader(stream).next()).rejects.toThrow('The connection ended in the middle of a packet');
  });

  it('fails where the stream has closed long ago', async () => {
    const stream = new PassThrough();
    stream.destroy();
    await once(stream, 'close');
    await expect(new PacketReader(stream).next()).rejects.toThrow('The connection ended in the middle of a packet');
  });
});
