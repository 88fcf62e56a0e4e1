import { Transform, type TransformCallback } from 'node:stream';
import { frame, HEADER_BYTES } from './packets';
import { Command } from './wire';

/** Statements about users are short; longer commands go through unread. */
const LONGEST_BYTES = 65_536;

const ABOUT_USERS = /^\s*(CREATE|ALTER)\s+USER\b/i;
const BY_IAM = /\bIDENTIFIED\s+WITH\s+(['"`]?)AWSAuthenticationPlugin\1\s+AS\s+(['"])RDS\2/gi;
const BY_SHA2 = /\bIDENTIFIED\s+WITH\s+(['"`]?)caching_sha2_password\1\s+BY\b/gi;

/** Whether a statement may say something that MariaDB says in other words. */
const isAboutUsers = (statement: string): boolean => ABOUT_USERS.test(statement);

/** A statement in MySQL's words about RDS's and MySQL's plugins, in those of a server that lacks both. */
export function translatePlugins(statement: string, iamPassword: string): string {
  return statement.replace(BY_IAM, `IDENTIFIED BY '${iamPassword}'`).replace(BY_SHA2, 'IDENTIFIED BY');
}

/** What a client sends to the server, byte for byte, but for the statements that need to be translated. */
export class Statements extends Transform {
  private buffered: Buffer = Buffer.alloc(0);
  /** Bytes of the present packet that go through unread. */
  private passing = 0;

  /** @param translate gives a statement about users in the server's words */
  constructor(private readonly translate: (statement: string) => Promise<string>) {
    super();
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.pass(chunk).then(() => done(), done);
  }

  private async pass(chunk: Buffer): Promise<void> {
    let rest = this.buffered.length > 0 ? Buffer.concat([this.buffered, chunk]) : chunk;
    while (rest.length > 0) {
      if (this.passing === 0) this.passing = lengthToPass(rest);
      const length = this.passing || packetLength(rest);
      if (this.passing === 0 && rest.length < length) break;
      const part = rest.subarray(0, length);
      this.push(this.passing > 0 ? part : await this.translated(part));
      this.passing = Math.max(0, this.passing - part.length);
      rest = rest.subarray(part.length);
    }
    this.buffered = rest;
  }

  private async translated(packet: Buffer): Promise<Buffer> {
    const statement = packet.toString('utf8', HEADER_BYTES + 1);
    if (!isAboutUsers(statement)) return packet;
    const translated = await this.translate(statement);
    return frame(0, Buffer.concat([Buffer.from([Command.QUERY]), Buffer.from(translated)]));
  }
}

/** Of a packet with its header; 5 where so little is here that it cannot be told. */
function packetLength(bytes: Buffer): number {
  return bytes.length > HEADER_BYTES ? HEADER_BYTES + bytes.readUIntLE(0, 3) : HEADER_BYTES + 1;
}

/** Length of the packet at the start where nobody needs to read it, else 0. */
function lengthToPass(bytes: Buffer): number {
  if (bytes.length < HEADER_BYTES) return 0;
  const length = HEADER_BYTES + bytes.readUIntLE(0, 3);
  const isFirst = bytes[3] === 0;
  const isStatement = isFirst && (bytes.length === HEADER_BYTES || bytes[HEADER_BYTES] === Command.QUERY);
  return isStatement && length > HEADER_BYTES && length <= LONGEST_BYTES ? 0 : length;
}
