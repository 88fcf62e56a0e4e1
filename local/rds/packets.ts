import { once } from 'node:events';
import type { Duplex, Writable } from 'node:stream';

/** Three bytes of length, one of sequence. */
export const HEADER_BYTES = 4;

/** A payload of this length goes on in the next packet. */
export const LONGEST_PAYLOAD = 0xffffff;

export interface Packet {
  readonly sequence: number;
  readonly payload: Buffer;
}

/** A packet announces a longer payload than its reader takes. None of it is consumed. */
export class PacketTooLong extends Error {
  override readonly name = 'PacketTooLong';

  constructor(length: number, longest: number) {
    super(`A packet must have at most ${longest} bytes, got ${length}`);
  }
}

/** Reads packets one after the other, in time that is linear in their bytes, and leaves what comes behind them in the stream. */
export class PacketReader {
  private chunks: Buffer[] = [];
  private length = 0;

  constructor(private readonly stream: Duplex) {}

  /**
   * The next packet.
   *
   * @param longest bytes of payload at most
   * @param uncounted bytes that precede the payload and are not counted in its length
   * @throws PacketTooLong
   * @throws Error where the stream ends before the packet does.
   */
  async next(longest: number, uncounted = 0): Promise<Packet> {
    await this.fill(HEADER_BYTES);
    const header = this.join(HEADER_BYTES);
    const [length, sequence] = [header.readUIntLE(0, 3), header.readUInt8(3)];
    if (length > longest) throw new PacketTooLong(length, longest);
    const end = HEADER_BYTES + uncounted + length;
    await this.fill(end);
    const bytes = this.join(end);
    this.chunks[0] = bytes.subarray(end);
    this.length -= end;
    return { sequence, payload: bytes.subarray(HEADER_BYTES, end) };
  }

  /** Leaves out the next packet, with what continues it. @throws Error as `next` does */
  async skip(): Promise<void> {
    for (let length = LONGEST_PAYLOAD; length === LONGEST_PAYLOAD;) {
      await this.fill(HEADER_BYTES);
      length = this.join(HEADER_BYTES).readUIntLE(0, 3);
      for (let rest = HEADER_BYTES + length; rest > 0;) rest -= (await this.take(rest)).length;
    }
  }

  /** Passes the next packet on unread, as it comes. @throws Error as `next` does */
  async passOn(target: Writable): Promise<void> {
    await this.fill(HEADER_BYTES);
    for (let rest = HEADER_BYTES + this.join(HEADER_BYTES).readUIntLE(0, 3); rest > 0;) {
      const part = await this.take(rest);
      rest -= part.length;
      if (!target.write(part)) await once(target, 'drain');
    }
  }

  /** Gives back to the stream what was read too far: a client may send the first bytes of TLS behind its request. */
  release(): void {
    if (this.length > 0) this.stream.unshift(Buffer.concat(this.chunks));
    this.chunks = [];
    this.length = 0;
  }

  /** Reads until so many bytes are here. */
  private async fill(length: number): Promise<void> {
    while (this.length < length) {
      const chunk = await nextChunk(this.stream);
      this.chunks.push(chunk);
      this.length += chunk.length;
    }
  }

  /** Takes what is here, at most so many bytes; waits for the first. */
  private async take(longest: number): Promise<Buffer> {
    await this.fill(1);
    const [first = Buffer.alloc(0)] = this.chunks.splice(0, 1);
    if (first.length > longest) this.chunks.unshift(first.subarray(longest));
    const taken = first.subarray(0, longest);
    this.length -= taken.length;
    return taken;
  }

  /** Makes so many bytes lie in the first chunk, and returns that chunk. */
  private join(length: number): Buffer {
    if ((this.chunks[0]?.length ?? 0) < length) this.chunks = [Buffer.concat(this.chunks)];
    return this.chunks[0] ?? Buffer.alloc(0);
  }
}

function nextChunk(stream: Duplex): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      const chunk = stream.read() as Buffer | null;
      if (chunk === null) return;
      detach();
      resolve(chunk);
    };
    const fail = (): void => {
      detach();
      reject(new Error('The connection ended in the middle of a packet'));
    };
    const detach = (): void => {
      stream.off('readable', settle).off('end', fail).off('close', fail);
    };
    stream.on('readable', settle).on('end', fail).on('close', fail);
    settle();
    // A stream that has closed already emits no further "close".
    if (stream.closed) fail();
  });
}

/** A payload with its header. */
export function frame(sequence: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUIntLE(payload.length, 0, 3);
  header.writeUInt8(sequence % 256, 3);
  return Buffer.concat([header, payload]);
}
