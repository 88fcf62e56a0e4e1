/**
 * As much of MySQL's client/server protocol as a stand-in for RDS needs: packets, the handshake, errors.
 *
 * https://dev.mysql.com/doc/dev/mysql-server/latest/PAGE_PROTOCOL.html
 */
import { createHash } from 'node:crypto';
import type { Duplex } from 'node:stream';

export const Capability = {
  CONNECT_WITH_DB: 0x8,
  SSL: 0x800,
  PLUGIN_AUTH: 0x80000,
} as const;

/** LONG_PASSWORD, FOUND_ROWS, LONG_FLAG, CONNECT_WITH_DB, PROTOCOL_41, SSL, TRANSACTIONS, SECURE_CONNECTION, PLUGIN_AUTH. */
const OFFERED = 0x8aa0f | 0x8000;

const HEADER_BYTES = 4;
const UTF8MB4 = 45;

export interface Packet {
  readonly sequence: number;
  readonly payload: Buffer;
}

/** Reads packets one after the other, and leaves what comes behind them in the stream. */
export class PacketReader {
  private buffered = Buffer.alloc(0);

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
  });
}

/** A payload with its header. */
export function frame(sequence: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUIntLE(payload.length, 0, 3);
  header.writeUInt8(sequence % 256, 3);
  return Buffer.concat([header, payload]);
}

const zeroEnded = (text: string): Buffer => Buffer.from(`${text}\0`);

function readZeroEnded(bytes: Buffer, start: number): { text: string; end: number } {
  const end = bytes.indexOf(0, start);
  return end < 0
    ? { text: bytes.toString('utf8', start), end: bytes.length }
    : { text: bytes.toString('utf8', start, end), end: end + 1 };
}

/** The server's first words. */
export function greeting(nonce: Buffer, plugin: string): Buffer {
  const fixed = Buffer.alloc(18);
  fixed.writeUInt16LE(OFFERED & 0xffff, 0);
  fixed.writeUInt8(UTF8MB4, 2);
  fixed.writeUInt16LE(2, 3); // autocommit
  fixed.writeUInt16LE(OFFERED >>> 16, 5);
  fixed.writeUInt8(nonce.length + 1, 7);
  return Buffer.concat([
    Buffer.from([10]),
    zeroEnded('8.4.0'),
    Buffer.from([1, 0, 0, 0]),
    nonce.subarray(0, 8),
    Buffer.from([0]),
    fixed,
    nonce.subarray(8),
    Buffer.from([0]),
    zeroEnded(plugin),
  ]);
}

/** The nonce in the greeting of a server. */
export function nonceOf(serverGreeting: Buffer): Buffer {
  const start = readZeroEnded(serverGreeting, 1).end + 4;
  return Buffer.concat([serverGreeting.subarray(start, start + 8), serverGreeting.subarray(start + 27, start + 39)]);
}

/** What a client says of itself. */
export interface ClientHello {
  readonly capabilities: number;
  readonly user: string;
  readonly database: string | undefined;
}

/** Whether a client's first packet only asks for TLS. */
export function asksForTls(payload: Buffer): boolean {
  return payload.length === 32 && (payload.readUInt32LE(0) & Capability.SSL) !== 0;
}

export function parseClientHello(payload: Buffer): ClientHello {
  const capabilities = payload.readUInt32LE(0) & OFFERED;
  const { text: user, end } = readZeroEnded(payload, 32);
  const afterAuth = end + 1 + payload.readUInt8(end);
  const database = capabilities & Capability.CONNECT_WITH_DB ? readZeroEnded(payload, afterAuth).text : undefined;
  return { capabilities, user, database };
}

/** The packet by which a client asks for TLS, and with the rest the one by which it logs in. */
export function clientHello(hello: ClientHello, tls: boolean, proof?: Buffer): Buffer {
  const wanted =
    (hello.capabilities & ~Capability.CONNECT_WITH_DB & ~Capability.SSL) |
    Capability.PLUGIN_AUTH |
    (hello.database === undefined ? 0 : Capability.CONNECT_WITH_DB) |
    (tls ? Capability.SSL : 0);
  const start = Buffer.alloc(32);
  start.writeUInt32LE(wanted >>> 0, 0);
  start.writeUInt32LE(0x1000000, 4);
  start.writeUInt8(UTF8MB4, 8);
  if (proof === undefined) return start;
  return Buffer.concat([
    start,
    zeroEnded(hello.user),
    Buffer.from([proof.length]),
    proof,
    hello.database === undefined ? Buffer.alloc(0) : zeroEnded(hello.database),
    zeroEnded('mysql_native_password'),
  ]);
}

/** Asks the client to log in by another plugin. */
export function authSwitch(plugin: string, nonce: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0xfe]), zeroEnded(plugin), nonce, Buffer.from([0])]);
}

export const isAuthSwitch = (payload: Buffer): boolean => payload[0] === 0xfe;

/** The nonce behind the name of the plugin. */
export function nonceOfSwitch(payload: Buffer): Buffer {
  const { end } = readZeroEnded(payload, 1);
  return payload.subarray(end, end + 20);
}

/** caching_sha2_password: asks for the password itself, which TLS protects. */
export const FULL_AUTHENTICATION = Buffer.from([1, 4]);

/** The proof of mysql_native_password. */
export function nativeProof(password: string, nonce: Buffer): Buffer {
  if (password === '') return Buffer.alloc(0);
  const sha1 = (...parts: (string | Buffer)[]): Buffer =>
    parts.reduce((hash, part) => hash.update(part), createHash('sha1')).digest();
  const stage1 = sha1(password);
  const mask = sha1(nonce, sha1(stage1));
  return Buffer.from(stage1.map((byte, index) => byte ^ (mask[index] ?? 0)));
}

export const OK = Buffer.from([0, 0, 0, 2, 0, 0, 0]);

export const isOk = (payload: Buffer): boolean => payload[0] === 0;

export interface MysqlError {
  readonly errno: number;
  readonly sqlState: string;
  readonly message: string;
}

export function errorPacket({ errno, sqlState, message }: MysqlError): Buffer {
  const code = Buffer.alloc(3);
  code.writeUInt8(0xff, 0);
  code.writeUInt16LE(errno, 1);
  return Buffer.concat([code, Buffer.from(`#${sqlState}${message}`)]);
}
