import { once } from 'node:events';
import type { Duplex, Writable } from 'node:stream';

/** Size of the header: 3 bytes of length, 1 byte of sequence number. */
export const HEADER_BYTES = 4;

/** Maximum payload of a packet. A payload of this length continues in the next packet, which may be empty. */
export const MAX_PAYLOAD_BYTES = 0xffffff;

export interface Packet {
  readonly sequence: number;
  readonly payload: Buffer;
}

/** Reads packets one by one, in linear time. `release` returns data beyond the last packet to the stream. */
export class PacketReader {
  private chunks: Buffer[] = [];
  private bufferedBytes = 0;

  constructor(private readonly stream: Duplex) {}

  /** Returns the next packet like `nextUpTo`, but throws an Error if its payload is longer than `longest`. */
  async next(longest: number, extraHeaderBytes = 0): Promise<Packet> {
    const packet = await this.nextUpTo(longest, extraHeaderBytes);
    if (packet === undefined)
      throw new Error(`A payload must have at most ${longest} bytes, got ${this.announcedLength}`);
    return packet;
  }

  /**
   * Returns the next packet. If its payload is longer than `longest`, returns `undefined` and leaves the packet unread.
   *
   * @param longest maximum payload, bytes
   * @param extraHeaderBytes number of further bytes in the header, as in compressed packets. The returned payload begins with these
   *   bytes. `longest` does not count them.
   * @throws Error if the stream ends before a whole packet has arrived.
   */
  async nextUpTo(longest: number, extraHeaderBytes = 0): Promise<Packet | undefined> {
    await this.fill(HEADER_BYTES);
    const length = this.announcedLength;
    if (length > longest) return undefined;
    const end = HEADER_BYTES + extraHeaderBytes + length;
    await this.fill(end);
    const bytes = this.join(end);
    this.chunks[0] = bytes.subarray(end);
    this.bufferedBytes -= end;
    return { sequence: bytes.readUInt8(3), payload: bytes.subarray(HEADER_BYTES, end) };
  }

  /** Skips the next packet and its continuations. @throws Error if the stream ends early */
  async skip(): Promise<void> {
    for (let length = MAX_PAYLOAD_BYTES; length === MAX_PAYLOAD_BYTES;) {
      await this.fill(HEADER_BYTES);
      length = this.announcedLength;
      for (let rest = HEADER_BYTES + length; rest > 0;) rest -= (await this.take(rest)).length;
    }
  }

  /** Streams the next packet to the target without buffering it. @throws Error if either stream ends early */
  async passOn(target: Writable): Promise<void> {
    await this.fill(HEADER_BYTES);
    for (let rest = HEADER_BYTES + this.announcedLength; rest > 0;) {
      const part = await this.take(rest);
      rest -= part.length;
      await writeTo(target, part);
    }
  }

  /** Puts excess data back into the stream: a client may send the first bytes of TLS right after its request for TLS. */
  release(): void {
    if (this.bufferedBytes > 0) this.stream.unshift(Buffer.concat(this.chunks));
    this.chunks = [];
    this.bufferedBytes = 0;
  }

  /** Payload length in the header, which must be buffered. */
  private get announcedLength(): number {
    return this.join(HEADER_BYTES).readUIntLE(0, 3);
  }

  /** Reads until this many bytes are buffered. */
  private async fill(length: number): Promise<void> {
    while (this.bufferedBytes < length) {
      const chunk = await nextChunk(this.stream);
      this.chunks.push(chunk);
      this.bufferedBytes += chunk.length;
    }
  }

  /** Takes buffered data, at most this many bytes; waits if there is none. */
  private async take(longest: number): Promise<Buffer> {
    await this.fill(1);
    const [first = Buffer.alloc(0)] = this.chunks.splice(0, 1);
    if (first.length > longest) this.chunks.unshift(first.subarray(longest));
    const taken = first.subarray(0, longest);
    this.bufferedBytes -= taken.length;
    return taken;
  }

  /** Returns the first chunk. If it has fewer than this many bytes, joins all chunks first. */
  private join(length: number): Buffer {
    if ((this.chunks[0]?.length ?? 0) < length) this.chunks = [Buffer.concat(this.chunks)];
    return this.chunks[0] ?? Buffer.alloc(0);
  }
}

function nextChunk(stream: Duplex): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const resolveIfData = (): void => {
      const chunk = stream.read() as Buffer | null;
      if (chunk === null) return;
      detach();
      resolve(chunk);
    };
    const fail = (): void => {
      detach();
      reject(new Error('The connection ended before a whole packet had arrived'));
    };
    const detach = (): void => {
      stream.off('readable', resolveIfData).off('end', fail).off('close', fail);
    };
    stream.on('readable', resolveIfData).on('end', fail).on('close', fail);
    resolveIfData();
    // A closed stream emits no further "close".
    if (stream.closed) fail();
  });
}

/** Writes bytes and waits until the stream takes more. @throws Error if the stream closes first */
export async function writeTo(stream: Writable, bytes: Buffer): Promise<void> {
  if (stream.write(bytes)) return;
  const wait = new AbortController();
  const { signal } = wait;
  if (!stream.destroyed) {
    await Promise.race(['drain', 'close'].map((event) => once(stream, event, { signal }))).finally(() => wait.abort());
  }
  if (stream.destroyed) throw new Error('The connection closed before it took all data');
}

/** Adds the header to a payload. */
export function frame(sequence: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUIntLE(payload.length, 0, 3);
  header.writeUInt8(sequence % 256, 3);
  return Buffer.concat([header, payload]);
}
