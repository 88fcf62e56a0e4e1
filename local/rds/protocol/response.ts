import { HEADER_BYTES, MAX_PAYLOAD_BYTES } from './packets';
import { Status } from './wire';

/** Bytes to read of a packet: enough to see whether it ends the response. */
const LONGEST_TO_READ = 64;

/** First bytes of packets. */
const [OK, LOCAL_FILE, END, ERROR] = [0x00, 0xfb, 0xfe, 0xff];

/**
 * The byte END has two meanings. A packet that begins with it is a row if it has at least this many bytes: the next 8 bytes are the length
 * of the first value. A shorter packet ends the columns or the rows.
 */
const SHORTEST_ROW = 9;

type State = 'start' | 'columns' | 'rows';

/**
 * Finds the end of the response to one statement of the text protocol.
 *
 * https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_com_query_response.html
 */
export class Response {
  private state: State = 'start';
  private buffered: Buffer = Buffer.alloc(0);
  /** Bytes of the current packet that have not been skipped yet. */
  private bytesToSkip = 0;
  /** Whether the next packet continues the payload of the last one. */
  private isContinued = false;

  /** Set once the response is complete. `status` has the session's status flags, except after an error, which carries none. */
  end: { readonly status: number | undefined } | undefined;

  push(chunk: Buffer): void {
    let rest = this.buffered.length > 0 ? Buffer.concat([this.buffered, chunk]) : chunk;
    while (rest.length > 0 && this.end === undefined) {
      if (this.bytesToSkip > 0) {
        const skipped = Math.min(this.bytesToSkip, rest.length);
        this.bytesToSkip -= skipped;
        rest = rest.subarray(skipped);
        continue;
      }
      if (rest.length < HEADER_BYTES) break;
      const length = rest.readUIntLE(0, 3);
      const bytesToRead = Math.min(length, LONGEST_TO_READ);
      if (rest.length < HEADER_BYTES + bytesToRead) break;
      if (!this.isContinued) this.read(rest.subarray(HEADER_BYTES, HEADER_BYTES + bytesToRead), length);
      this.isContinued = length === MAX_PAYLOAD_BYTES;
      this.bytesToSkip = HEADER_BYTES + length;
    }
    this.buffered = this.end === undefined ? rest : Buffer.alloc(0);
  }

  private read(payloadStart: Buffer, length: number): void {
    const [first] = payloadStart;
    if (first === ERROR) this.end = { status: undefined };
    else if (this.state === 'start') this.readStart(payloadStart);
    else if (first === END && length < SHORTEST_ROW) {
      if (this.state === 'columns') this.state = 'rows';
      else this.finish(payloadStart.readUInt16LE(3));
    }
  }

  private readStart(payload: Buffer): void {
    if (payload[0] === LOCAL_FILE)
      throw new Error(
        'The server requested a file for LOAD DATA LOCAL, but the session is not pinned. Only a pinned session can pass the file on',
      );
    if (payload[0] !== OK) this.state = 'columns';
    else this.finish(payload.readUInt16LE(afterInteger(payload, afterInteger(payload, 1))));
  }

  private finish(status: number): void {
    this.state = 'start';
    if ((status & Status.MORE_RESULTS) === 0) this.end = { status };
  }
}

/** Position after a length-encoded integer. */
function afterInteger(bytes: Buffer, position: number): number {
  const lengths: Readonly<Record<number, number>> = { 0xfc: 3, 0xfd: 4, 0xfe: 9 };
  return position + (lengths[bytes[position] ?? 0] ?? 1);
}
