import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { frame, MAX_PAYLOAD_BYTES, PacketReader } from '../../../rds/protocol/packets';

/** The longest payload that fits in one packet. A payload of MAX_PAYLOAD_BYTES needs a second packet, which is empty. */
const LIMIT = MAX_PAYLOAD_BYTES - 1;
const [FIRST, SECOND] = [Buffer.from('first'), Buffer.from('second')];

describe('PacketReader', () => {
  it('reads packets that arrive byte by byte', async () => {
    const stream = new PassThrough();
    const reader = new PacketReader(stream);
    const bytes = Buffer.concat([frame(0, FIRST), frame(7, SECOND)]);
    for (const byte of bytes) stream.write(Buffer.from([byte]));
    expect(await reader.next(LIMIT)).toEqual({ sequence: 0, payload: FIRST });
    expect(await reader.next(LIMIT)).toEqual({ sequence: 7, payload: SECOND });
  });

  it('reads an empty payload', async () => {
    const stream = new PassThrough();
    stream.write(frame(3, Buffer.alloc(0)));
    expect(await new PacketReader(stream).next(LIMIT)).toEqual({ sequence: 3, payload: Buffer.alloc(0) });
  });

  it('copies at most twice as many bytes as a packet has, even if it arrives in many chunks', async () => {
    const bytes = frame(0, Buffer.alloc(1_000_000));
    const stream = new PassThrough();
    const reading = new PacketReader(stream).next(LIMIT);
    const copies = jest.spyOn(Buffer, 'concat');
    for (let start = 0; start < bytes.length; start += 1000) {
      stream.write(bytes.subarray(start, start + 1000));
      await new Promise(setImmediate);
    }
    await reading;
    const copied = copies.mock.results.reduce((sum, { value }) => sum + (value as Buffer).length, 0);
    copies.mockRestore();
    expect(copied).toBeLessThanOrEqual(2 * bytes.length);
  });

  it('rejects a packet whose header announces a payload above the limit, and leaves it unread', async () => {
    const stream = new PassThrough();
    stream.write(frame(0, Buffer.alloc(1001)).subarray(0, 100));
    const reader = new PacketReader(stream);
    await expect(reader.next(1000)).rejects.toThrow('A payload must have at most 1000 bytes, got 1001');
    reader.release();
    expect((stream.read() as Buffer).length).toBe(100);
  });

  it('skips a packet and its continuations', async () => {
    const stream = new PassThrough();
    const reader = new PacketReader(stream);
    const skipped = reader.skip();
    stream.write(frame(0, Buffer.alloc(MAX_PAYLOAD_BYTES)));
    stream.write(frame(1, Buffer.alloc(5)));
    stream.write(frame(0, SECOND));
    await skipped;
    expect(await reader.next(LIMIT)).toEqual({ sequence: 0, payload: SECOND });
  });

  it('puts the data after a packet back into the stream on release', async () => {
    const stream = new PassThrough();
    stream.write(Buffer.concat([frame(0, FIRST), SECOND]));
    const reader = new PacketReader(stream);
    await reader.next(LIMIT);
    reader.release();
    expect(stream.read()).toEqual(SECOND);
  });

  it('fails if the stream ends within a packet', async () => {
    const stream = new PassThrough();
    stream.end(frame(0, FIRST).subarray(0, 6));
    await expect(new PacketReader(stream).next(LIMIT)).rejects.toThrow(
      'The connection ended before a whole packet had arrived',
    );
  });

  it('fails if the stream is already closed', async () => {
    const stream = new PassThrough();
    stream.destroy();
    await once(stream, 'close');
    await expect(new PacketReader(stream).next(LIMIT)).rejects.toThrow(
      'The connection ended before a whole packet had arrived',
    );
  });
});
