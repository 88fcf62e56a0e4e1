import { HEADER_BYTES, LONGEST_PAYLOAD } from './packets';
import { isKilled } from './wire';

/** The bytes that identify an error: 0xff and its number. */
const ERROR_BYTES = 3;

/**
 * Drops MariaDB's error "Connection was killed". MySQL shuts a killed connection down first (`THD::awake`), so its clients get
 * no error.
 */
export class KilledFilter {
  /** The start of a packet of which too little has arrived. */
  private start: Buffer = Buffer.alloc(0);
  /** Bytes of the current packet that have not arrived yet. */
  private missing = 0;
  private isContinued = false;
  private isKilled = false;

  /** Returns what to pass on after this chunk from the server. */
  passed(chunk: Buffer): Buffer {
    if (this.isKilled) return Buffer.alloc(0);
    const bytes = this.start.length > 0 ? Buffer.concat([this.start, chunk]) : chunk;
    const end = this.endOfPassed(bytes);
    this.start = bytes.subarray(end);
    return bytes.subarray(0, end);
  }

  private endOfPassed(bytes: Buffer): number {
    for (let position = 0; ;) {
      const passed = Math.min(this.missing, bytes.length - position);
      this.missing -= passed;
      position += passed;
      if (bytes.length - position < HEADER_BYTES) return position;
      const length = bytes.readUIntLE(position, 3);
      const payload = bytes.subarray(position + HEADER_BYTES, position + HEADER_BYTES + length);
      if (payload.length < Math.min(length, ERROR_BYTES)) return position;
      this.isKilled = !this.isContinued && isKilled(payload);
      if (this.isKilled) return position;
      this.isContinued = length === LONGEST_PAYLOAD;
      this.missing = HEADER_BYTES + length;
    }
  }
}
