import type { Duplex } from 'node:stream';

/** Three bytes of length, one of sequence. */
export const HEADER_BYTES = 4;

/** A payload of this length goes on in the next packet. */
export const LONGEST_PAYLOAD = 0xffffff;

export interface Packet {
  readonly sequence: number;
  readonly payload: Buffer;
}

/** Reads packets one after the other, and leaves what comes behind them in the stream. */
export class PacketReader {
  private buffered: Buffer = Buffer.alloc(0);

  constructor(private readonly stream: Duplex) {}

  /**
   * The next packet.
   *
   * @throws Error where the stream ends before it.
   */
  async next(): Promise<Packet> {
    while (
      this.buffered.length < HEADER_BYTES ||
      this.buffered.length < HEADER_BYTES + this.buffered.readUIntLE(0, 3)
    ) {
      this.buffered = Buffer.concat([this.buffered, await nextChunk(this.stream)]);
    }
    const end = HEADER_BYTES + this.buffered.readUIntLE(0, 3);
    const packet = { sequence: this.buffered.readUInt8(3), payload: this.buffered.subarray(HEADER_BYTES, end) };
    this.buffered = this.buffered.subarray(end);
    return packet;
  }

  /** Gives back to the stream what was read too far: a client may send the first bytes of TLS behind its request. */
  release(): void {
    if (this.buffered.length > 0) this.stream.unshift(this.buffered);
    this.buffered = Buffer.alloc(0);
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
    // What has closed before says so no more.
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
