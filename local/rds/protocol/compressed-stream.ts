import { once } from 'node:events';
import { Duplex } from 'node:stream';
import { promisify } from 'node:util';
import { deflate, inflate } from 'node:zlib';
import { HEADER_BYTES, MAX_PAYLOAD_BYTES, PacketReader } from './packets';

const compress = promisify(deflate);
const decompress = promisify<Buffer, { maxOutputLength: number }, Buffer>(inflate);

/** Size of the field after the header of a packet. It holds the uncompressed length, or 0 if the packet is not compressed. */
const LENGTH_BYTES = 3;

/** MySQL does not compress shorter packets. */
const SHORTEST_TO_COMPRESS = 50;

/**
 * Turns a connection with MySQL's compressed protocol (zlib) into a plain stream.
 *
 * https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_compression.html
 */
export class CompressedStream extends Duplex {
  private sequence = 0;
  private readonly packets: PacketReader;

  /** @param raw the connection after the login; from then on, its data is compressed */
  constructor(private readonly raw: Duplex) {
    super({ allowHalfOpen: false });
    this.packets = new PacketReader(raw);
    raw.on('close', () => this.destroy());
    void this.receive();
  }

  /** Lets `receive` push more data. */
  override _read(): void {
    this.emit('wanted');
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error) => void): void {
    this.send(chunk).then(() => done(), done);
  }

  override _final(done: () => void): void {
    this.raw.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.raw.destroy();
    done(error);
  }

  private async receive(): Promise<void> {
    try {
      for (;;) {
        const { sequence, payload } = await this.packets.next(MAX_PAYLOAD_BYTES, LENGTH_BYTES);
        this.sequence = sequence + 1;
        if (!this.push(await contentOf(payload))) await once(this, 'wanted');
      }
    } catch {
      // The client disconnected, or its data is not compressed.
      this.destroy();
    }
  }

  private async send(bytes: Buffer): Promise<void> {
    for (let start = 0; start < bytes.length; start += MAX_PAYLOAD_BYTES) {
      const part = bytes.subarray(start, start + MAX_PAYLOAD_BYTES);
      const compressed = part.length < SHORTEST_TO_COMPRESS ? part : await compress(part);
      const isShorter = compressed.length < part.length;
      const content = isShorter ? compressed : part;
      const header = Buffer.alloc(HEADER_BYTES + LENGTH_BYTES);
      header.writeUIntLE(content.length, 0, 3);
      header.writeUInt8(this.sequence % 256, 3);
      header.writeUIntLE(isShorter ? part.length : 0, HEADER_BYTES, LENGTH_BYTES);
      this.sequence += 1;
      if (!this.raw.write(Buffer.concat([header, content]))) await once(this.raw, 'drain');
    }
  }
}

/** Decompresses a packet. SECURITY: no packet may decompress to more bytes than its length field says. */
async function contentOf(payload: Buffer): Promise<Buffer> {
  const [length, bytes] = [payload.readUIntLE(0, LENGTH_BYTES), payload.subarray(LENGTH_BYTES)];
  return length === 0 ? bytes : decompress(bytes, { maxOutputLength: length });
}
