/**
 * As much of MySQL's client/server protocol as a stand-in for RDS needs: the handshake, the login, errors.
 *
 * https://dev.mysql.com/doc/dev/mysql-server/latest/PAGE_PROTOCOL.html
 */
import { MYSQL_VERSION } from '../database/mysql-names';

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

/** Not among those that are handed on to MariaDB: the endpoint itself compresses. */
const COMPRESS = 0x20;

const OFFERED = Object.values(Capability).reduce((all, one) => all | one, 0);

/** First byte of a command. */
export const Command = {
  QUIT: 1,
  INIT_DB: 2,
  QUERY: 3,
  PING: 14,
  CHANGE_USER: 17,
  STMT_PREPARE: 22,
  RESET_CONNECTION: 31,
} as const;

/** Flags of a session, told behind each answer. */
export const Status = { IN_TRANSACTION: 0x1, AUTOCOMMIT: 0x2, MORE_RESULTS: 0x8 } as const;

const UTF8MB4 = 45;

const zeroEnded = (text: string): Buffer => Buffer.from(`${text}\0`);

function readZeroEnded(bytes: Buffer, start: number): { text: string; end: number } {
  const end = bytes.indexOf(0, start);
  return end < 0
    ? { text: bytes.toString('utf8', start), end: bytes.length }
    : { text: bytes.toString('utf8', start, end), end: end + 1 };
}

/** The server's first words. */
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

/** The nonce in the greeting of a server. */
export function nonceOf(serverGreeting: Buffer): Buffer {
  const start = readZeroEnded(serverGreeting, 1).end + 4;
  return Buffer.concat([serverGreeting.subarray(start, start + 8), serverGreeting.subarray(start + 27, start + 39)]);
}

/** What a client says of itself. */
export interface ClientHello {
  readonly capabilities: number;
  /** Number of the collation that it speaks in. */
  readonly collation: number;
  readonly user: string;
  readonly database: string | undefined;
  /** Whether the client compresses what it sends once it is logged in. */
  readonly isCompressed: boolean;
}

/** Whether a client's first packet only asks for TLS. */
export function asksForTls(payload: Buffer): boolean {
  return payload.length === 32 && (payload.readUInt32LE(0) & Capability.SSL) !== 0;
}

export function parseClientHello(payload: Buffer): ClientHello {
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
  start.writeUInt8(hello.collation, 8);
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

/** The plugin that the server asks for. */
export const pluginOfSwitch = (payload: Buffer): string => readZeroEnded(payload, 1).text;

/** The nonce behind the name of the plugin. */
export function nonceOfSwitch(payload: Buffer): Buffer {
  const { end } = readZeroEnded(payload, 1);
  return payload.subarray(end, end + 20);
}

/** caching_sha2_password: asks for the password itself, which TLS or RSA protects. */
export const FULL_AUTHENTICATION = Buffer.from([1, 4]);

/** caching_sha2_password: what the client has answered is enough. */
export const FAST_AUTHENTICATION = Buffer.from([1, 3]);

/** Whether a client asks for the RSA key, since it has no TLS to send its password over. */
export const asksForKey = (payload: Buffer): boolean => payload.length === 1 && payload[0] === 2;

export const rsaKey = (pem: string): Buffer => Buffer.concat([Buffer.from([1]), Buffer.from(pem)]);

export const OK = Buffer.from([0, 0, 0, 2, 0, 0, 0]);

export const isOk = (payload: Buffer): boolean => payload[0] === 0;

/** Whether the server answers with an error. */
export const isError = (payload: Buffer): boolean => payload[0] === 0xff;

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
