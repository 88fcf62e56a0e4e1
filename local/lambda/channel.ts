import type { Duplex } from 'node:stream';

const LENGTH_BYTES = 4;

/** Lambda's limit of an answer is 6 MB. What is longer than this was not written by the runtime. */
const LONGEST_BYTES = 64 * 2 ** 20;

/** A message of the runtime: what it says, and text that is passed on unread. */
export interface Message {
  readonly head: unknown;
  readonly payload: string;
}

/**
 * Lambda's end of the channel to a runtime; `runtime-channel.mjs` is the other. Nothing that the function prints goes this way.
 */
export class Channel {
  private chunks: Buffer[] = [];
  private bytes = 0;
  private take: (message: Message) => void = () => undefined;

  constructor(private readonly stream: Duplex) {
    // Whoever waits for an answer notices that the process has ended.
    stream.on('error', () => undefined).on('data', (chunk: Buffer) => this.read(chunk));
  }

  /** @param text JSON */
  send(text: string): void {
    const frame = Buffer.allocUnsafe(LENGTH_BYTES + Buffer.byteLength(text));
    frame.writeUInt32LE(frame.length - LENGTH_BYTES);
    frame.write(text, LENGTH_BYTES);
    this.stream.write(frame);
  }

  /** The next message that comes from now on. */
  next(): Promise<Message> {
    return new Promise((resolve) => (this.take = resolve));
  }

  private read(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.bytes += chunk.length;
    for (let length = this.frameLength(); this.bytes >= length; length = this.frameLength()) {
      const all = this.chunks.length === 1 ? (this.chunks[0] ?? chunk) : Buffer.concat(this.chunks);
      this.bytes -= length;
      this.chunks = this.bytes > 0 ? [all.subarray(length)] : [];
      this.hand(all.toString('utf8', LENGTH_BYTES, length));
    }
  }

  /** Of the frame that begins with the first chunk; infinite as long as it is unknown. */
  private frameLength(): number {
    if (this.bytes < LENGTH_BYTES) return Infinity;
    if ((this.chunks[0]?.length ?? 0) < LENGTH_BYTES) this.chunks = [Buffer.concat(this.chunks)];
    const length = LENGTH_BYTES + (this.chunks[0]?.readUInt32LE() ?? 0);
    if (length > LONGEST_BYTES) this.stream.destroy();
    return length;
  }

  private hand(text: string): void {
    const end = text.indexOf('\n');
    try {
      this.take({ head: JSON.parse(text.slice(0, end)), payload: text.slice(end + 1) });
    } catch {
      // The function has written here itself. Without its channel the runtime ends.
      this.stream.destroy();
    }
  }
}
