import type { Duplex } from 'node:stream';

const LENGTH_BYTES = 4;

/**
 * Maximum length of a frame: a message and its length prefix. Lambda allows 6 MB for a response. The channel carries longer
 * responses too, so that Lambda can reject them with its own error.
 */
const LONGEST_BYTES = 64 * 2 ** 20;

/** A message from the runtime. */
export interface Message {
  /** Parsed JSON. */
  readonly head: unknown;
  /** The function's response as JSON text, passed on without parsing it; empty if the message has none. */
  readonly payload: string;
}

/**
 * Lambda's end of the channel to a runtime; `runtime-channel.mjs` is the other end. The channel is separate from the
 * function's output.
 */
export class Channel {
  private chunks: Buffer[] = [];
  private bytes = 0;
  private resolveNext: (message?: Message) => void = () => undefined;
  private isClosed = false;

  constructor(private readonly stream: Duplex) {
    // If the channel breaks, the runtime ends. Its exit is handled elsewhere.
    stream.on('error', () => undefined).on('data', (chunk: Buffer) => this.read(chunk));
  }

  /** @param text JSON */
  send(text: string): void {
    const frame = Buffer.allocUnsafe(LENGTH_BYTES + Buffer.byteLength(text));
    frame.writeUInt32LE(frame.length - LENGTH_BYTES);
    frame.write(text, LENGTH_BYTES);
    this.stream.write(frame);
  }

  /** Waits for the next message; `undefined` if the channel closes first. */
  next(): Promise<Message | undefined> {
    return this.isClosed ? Promise.resolve(undefined) : new Promise((resolve) => (this.resolveNext = resolve));
  }

  /** Resolves the pending `next`, and every later one, with `undefined`. */
  close(): void {
    this.isClosed = true;
    this.resolveNext(undefined);
  }

  private read(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.bytes += chunk.length;
    for (let length = this.frameLength(); this.bytes >= length; length = this.frameLength()) {
      const joined = this.chunks.length === 1 ? (this.chunks[0] ?? chunk) : Buffer.concat(this.chunks);
      this.bytes -= length;
      this.chunks = this.bytes > 0 ? [joined.subarray(length)] : [];
      this.deliver(joined.toString('utf8', LENGTH_BYTES, length));
    }
  }

  /** Length of the next frame; Infinity until its first four bytes have arrived. Closes the channel if the frame is too long. */
  private frameLength(): number {
    if (this.bytes < LENGTH_BYTES) return Infinity;
    if ((this.chunks[0]?.length ?? 0) < LENGTH_BYTES) this.chunks = [Buffer.concat(this.chunks)];
    const length = LENGTH_BYTES + (this.chunks[0]?.readUInt32LE() ?? 0);
    if (length > LONGEST_BYTES) this.stream.destroy();
    return length;
  }

  private deliver(text: string): void {
    const end = text.indexOf('\n');
    try {
      this.resolveNext({ head: JSON.parse(text.slice(0, end)), payload: text.slice(end + 1) });
    } catch {
      // The runtime writes only valid frames, so the function's own code wrote this. Closing the channel ends the runtime.
      this.stream.destroy();
    }
  }
}
