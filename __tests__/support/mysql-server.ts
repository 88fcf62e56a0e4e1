import { constants, generateKeyPairSync, privateDecrypt } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** Reads a client's packets and answers them. */
export interface Conversation {
  /** The next packet of the client, without its header. */
  readonly next: () => Promise<Buffer>;
  readonly send: (payload: Buffer) => void;
}

export const NONCE = Buffer.from('abcdefghijklmnopqrst');
export const OK = Buffer.from([0, 0, 0, 2, 0, 0, 0]);
/** Asks the client for the password itself, in place of a hash. */
export const FULL_AUTHENTICATION = Buffer.from([1, 4]);

export const authSwitch = (plugin: string): Buffer =>
  Buffer.concat([Buffer.from([0xfe]), Buffer.from(`${plugin}\0`), NONCE, Buffer.from([0])]);

export function errorPacket(errno: number, message = 'a message of the server'): Buffer {
  const header = Buffer.from([0xff, errno & 0xff, errno >> 8]);
  return Buffer.concat([header, Buffer.from(`#HY000${message}`)]);
}

/**
 * Makes the payload of the first packet of a MySQL 8.4 server with `caching_sha2_password`, optionally with TLS.
 * https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase_packets_protocol_handshake_v10.html
 */
export function greeting({ withTls = false } = {}): Buffer {
  // Lower capability flags, character set utf8mb4, status flags, upper capability flags, length of the nonce.
  const flags = Buffer.from([0x0f, withTls ? 0xaa : 0xa2, 45, 2, 0, 0x08, 0x00, NONCE.length + 1]);
  return Buffer.concat([
    Buffer.from('\x0a8.4.0\0\x01\0\0\0'),
    NONCE.subarray(0, 8),
    Buffer.from([0]),
    flags,
    Buffer.alloc(10),
    NONCE.subarray(8),
    Buffer.from('\0caching_sha2_password\0'),
  ]);
}

/** Adds a packet's header: the length of the payload in three bytes, of which two suffice here, and the sequence number. */
export function frame(sequence: number, payload: Buffer): Buffer {
  return Buffer.concat([Buffer.from([payload.length & 0xff, payload.length >> 8, 0, sequence]), payload]);
}

/** A minimal MySQL server without TLS. It greets each client. Each test defines the answers after the greeting. */
export class MysqlServer {
  private readonly sockets: Socket[] = [];

  private constructor(private readonly server: Server) {}

  static async start(converse: (conversation: Conversation) => Promise<void>): Promise<MysqlServer> {
    const server = createServer().listen(0, '127.0.0.1');
    const started = new MysqlServer(server);
    server.on('connection', (socket) => {
      started.sockets.push(socket);
      socket.on('error', () => undefined);
      converse(conversationOn(socket)).catch(() => socket.destroy());
    });
    await once(server, 'listening');
    return started;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Waits until the clients have closed all connections. */
  async waitUntilAllClosed(): Promise<void> {
    for (const socket of this.sockets) if (!socket.closed) await once(socket, 'close');
  }

  stop(): void {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
  }
}

function conversationOn(socket: Socket): Conversation {
  const packets: AsyncIterator<Buffer, undefined> = packetsOf(socket);
  let sequence = 0;
  const send = (payload: Buffer): void => {
    socket.write(frame(sequence, payload));
  };
  send(greeting());
  return {
    send,
    next: async () => {
      const { value } = await packets.next();
      if (value === undefined) throw new Error('The client closed the connection');
      sequence = (value.readUInt8(3) + 1) % 256;
      return value.subarray(4);
    },
  };
}

async function* packetsOf(socket: Socket): AsyncGenerator<Buffer, undefined> {
  let buffered = Buffer.alloc(0);
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    buffered = Buffer.concat([buffered, chunk]);
    while (buffered.length >= 4 && buffered.length >= 4 + buffered.readUIntLE(0, 3)) {
      const end = 4 + buffered.readUIntLE(0, 3);
      yield buffered.subarray(0, end);
      buffered = buffered.subarray(end);
    }
  }
  return undefined;
}

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

/**
 * Receives a password as `caching_sha2_password` sends it without TLS: XORed with the nonce, then encrypted with the
 * server's public key.
 */
export async function receiveEncryptedPassword({ next, send }: Conversation): Promise<string> {
  send(FULL_AUTHENTICATION);
  await next();
  send(Buffer.concat([Buffer.from([1]), Buffer.from(publicKey.export({ type: 'spki', format: 'pem' }) as string)]));
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  const masked = privateDecrypt({ key: privateKey, padding, oaepHash: 'sha1' }, await next());
  return Buffer.from(masked.map((byte, index) => byte ^ (NONCE[index % NONCE.length] ?? 0)))
    .toString('utf8')
    .replace(/\0$/, '');
}
