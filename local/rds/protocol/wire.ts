/**
 * The parts of MySQL's client/server protocol that the local RDS needs: handshake, login, commands, status and errors.
 *
 * https://dev.mysql.com/doc/dev/mysql-server/latest/PAGE_PROTOCOL.html
 */
import { MYSQL_VERSION } from '../../database/mysql-names';
import type { MysqlError } from './mysql-errors';

const Capability = {
  LONG_PASSWORD: 0x1,
  FOUND_ROWS: 0x2,
  LONG_FLAG: 0x4,
  CONNECT_WITH_DB: 0x8,
  LOCAL_FILES: 0x80,
  PROTOCOL_41: 0x200,
  SSL: 0x800,
  TRANSACTIONS: 0x2000,
  SECURE_CONNECTION: 0x8000,
  MULTI_STATEMENTS: 0x10000,
  MULTI_RESULTS: 0x20000,
  PS_MULTI_RESULTS: 0x40000,
  PLUGIN_AUTH: 0x80000,
} as const;

/** Flag for a compressed connection. Only connections of clients are compressed, not those of the local RDS to MariaDB. */
const COMPRESS = 0x20;

const OFFERED = Object.values(Capability).reduce((all, flag) => all | flag, 0);

/** First bytes of the commands that the local RDS distinguishes. */
export const Command = {
  QUIT: 1,
  INIT_DB: 2,
  QUERY: 3,
  PING: 14,
  CHANGE_USER: 17,
  STMT_PREPARE: 22,
  RESET_CONNECTION: 31,
} as const;

/** Session status flags, sent at the end of each response except an error. */
export const Status = { IN_TRANSACTION: 0x1, AUTOCOMMIT: 0x2, MORE_RESULTS: 0x8 } as const;

/** Number of the collation utf8mb4_general_ci. */
export const UTF8MB4 = 45;

const zeroEnded = (text: string): Buffer => Buffer.from(`${text}\0`);

function readZeroEnded(bytes: Buffer, start: number): { text: string; end: number } {
  const end = bytes.indexOf(0, start);
  return end < 0
    ? { text: bytes.toString('utf8', start), end: bytes.length }
    : { text: bytes.toString('utf8', start, end), end: end + 1 };
}

/** Makes the server's initial handshake packet. */
export function greeting(nonce: Buffer, plugin: string, threadId: number, offersCompression = false): Buffer {
  const id = Buffer.alloc(4);
  id.writeUInt32LE(threadId);
  const fixed = Buffer.alloc(18);
  fixed.writeUInt16LE((OFFERED & 0xffff) | (offersCompression ? COMPRESS : 0), 0);
  fixed.writeUInt8(UTF8MB4, 2);
  fixed.writeUInt16LE(Status.AUTOCOMMIT, 3);
  fixed.writeUInt16LE(OFFERED >>> 16, 5);
  fixed.writeUInt8(nonce.length + 1, 7);
  return Buffer.concat([
    Buffer.from([10]),
    zeroEnded(MYSQL_VERSION),
    id,
    nonce.subarray(0, 8),
    Buffer.from([0]),
    fixed,
    nonce.subarray(8),
    Buffer.from([0]),
    zeroEnded(plugin),
  ]);
}

export function threadIdOf(serverGreeting: Buffer): number {
  return serverGreeting.readUInt32LE(readZeroEnded(serverGreeting, 1).end);
}

/** Joins the two parts of the nonce in a greeting, of 8 and 12 bytes. Between them are a zero byte and 18 fixed bytes. */
export function nonceOf(serverGreeting: Buffer): Buffer {
  const start = readZeroEnded(serverGreeting, 1).end + 4;
  return Buffer.concat([serverGreeting.subarray(start, start + 8), serverGreeting.subarray(start + 27, start + 39)]);
}

/** A client's login packet, without its proof of the password. */
export interface LoginPacket {
  readonly capabilities: number;
  readonly collation: number;
  readonly user: string;
  readonly database?: string | undefined;
  /** Whether the client uses the compressed protocol after the login. */
  readonly isCompressed: boolean;
}

/** Whether a client's first packet is only a request for TLS. */
export function asksForTls(payload: Buffer): boolean {
  return payload.length === 32 && (payload.readUInt32LE(0) & Capability.SSL) !== 0;
}

export function parseLoginPacket(payload: Buffer): LoginPacket {
  const wanted = payload.readUInt32LE(0);
  const capabilities = wanted & OFFERED;
  const { text: user, end } = readZeroEnded(payload, 32);
  const afterAuth = end + 1 + payload.readUInt8(end);
  const database = capabilities & Capability.CONNECT_WITH_DB ? readZeroEnded(payload, afterAuth).text : '';
  return {
    capabilities,
    collation: payload.readUInt8(8),
    user,
    database: database === '' ? undefined : database,
    isCompressed: (wanted & COMPRESS) !== 0,
  };
}

/** The rest of a login packet: TLS, and the proof of the password. */
interface LoginOptions {
  /** Whether the connection uses TLS, or will use it after this packet. */
  readonly tls: boolean;
  /** Scrambled password, which may be empty. If omitted, the packet ends after 32 bytes: it only requests TLS. */
  readonly proof?: Buffer;
}

/** Makes a client's login packet, with a proof for mysql_native_password. */
export function makeLoginPacket(packet: LoginPacket, { tls, proof }: LoginOptions): Buffer {
  const wanted =
    (packet.capabilities & ~Capability.CONNECT_WITH_DB & ~Capability.SSL) |
    Capability.PLUGIN_AUTH |
    (packet.database === undefined ? 0 : Capability.CONNECT_WITH_DB) |
    (tls ? Capability.SSL : 0);
  const start = Buffer.alloc(32);
  start.writeUInt32LE(wanted >>> 0, 0);
  // Largest packet that the client accepts: 16 MiB.
  start.writeUInt32LE(0x1000000, 4);
  start.writeUInt8(packet.collation, 8);
  if (proof === undefined) return start;
  return Buffer.concat([
    start,
    zeroEnded(packet.user),
    Buffer.from([proof.length]),
    proof,
    packet.database === undefined ? Buffer.alloc(0) : zeroEnded(packet.database),
    zeroEnded('mysql_native_password'),
  ]);
}

/** Makes the packet that asks a client to switch to another authentication plugin. */
export function authSwitch(plugin: string, nonce: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0xfe]), zeroEnded(plugin), nonce, Buffer.from([0])]);
}

export const isAuthSwitch = (payload: Buffer): boolean => payload[0] === 0xfe;

export const pluginOfSwitch = (payload: Buffer): string => readZeroEnded(payload, 1).text;

export function nonceOfSwitch(payload: Buffer): Buffer {
  const { end } = readZeroEnded(payload, 1);
  return payload.subarray(end, end + 20);
}

/** caching_sha2_password: requests the password itself, protected by TLS or RSA. */
export const FULL_AUTHENTICATION = Buffer.from([1, 4]);

/** caching_sha2_password: accepts the client's scramble. */
export const FAST_AUTHENTICATION = Buffer.from([1, 3]);

/** Whether a client requests the RSA key, because it has no TLS for its password. */
export const asksForKey = (payload: Buffer): boolean => payload.length === 1 && payload[0] === 2;

/** Makes the packet with the RSA key for a client that asked for it. */
export const rsaKey = (pem: string): Buffer => Buffer.concat([Buffer.from([1]), Buffer.from(pem)]);

export const OK = Buffer.from([0, 0, 0, 2, 0, 0, 0]);

export const isOk = (payload: Buffer): boolean => payload[0] === 0;

export const isError = (payload: Buffer): boolean => payload[0] === 0xff;

/** Number of an error; `undefined` for any other packet. */
export const errorNumberOf = (payload: Buffer): number | undefined =>
  isError(payload) && payload.length >= 3 ? payload.readUInt16LE(1) : undefined;

export function errorPacket({ errno, sqlState, message }: MysqlError): Buffer {
  const code = Buffer.alloc(3);
  code.writeUInt8(0xff, 0);
  code.writeUInt16LE(errno, 1);
  return Buffer.concat([code, Buffer.from(`#${sqlState}${message}`)]);
}
