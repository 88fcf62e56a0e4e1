import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { accountLocked } from './mysql-errors';
import { frame, PacketReader } from './packets';
import { Refused } from './refused';
import { scramble } from './scramble';
import * as wire from './wire';

/** Maximum length of a packet from the server during a login. The longest packets are errors, which are shorter than this. */
export const LONGEST_REPLY_BYTES = 65_536;

/** How long a second attempt to connect waits before it sends the PROXY header. During this time the server can send an error. */
const PATIENCE_MS = 100;

/** MariaDB's number of ER_ACCOUNT_HAS_BEEN_LOCKED. */
const MARIADBS_ACCOUNT_LOCKED = 4151;

export interface ServerLogin {
  readonly loginPacket: wire.LoginPacket;
  readonly password: string;
  /** Whether to use TLS to the server, which users with REQUIRE SSL need. */
  readonly isEncrypted: boolean;
}

/** A connection to MariaDB before the login. */
export class ServerConnection {
  private constructor(
    private readonly socket: Socket,
    private readonly greeting: Buffer,
    private readonly plainReader: PacketReader,
    private readonly callerAddress: string,
  ) {}

  /**
   * Connects and reads the server's greeting.
   *
   * @param path MariaDB's Unix socket
   * @param callerAddress caller's address, as the server sees it
   * @throws Refused if the server rejects the connection, for example because it has too many connections.
   * @throws Error if the server does not answer.
   */
  static async open(path: string, callerAddress: string): Promise<ServerConnection> {
    try {
      return await ServerConnection.attempt(path, callerAddress, 0);
    } catch (error) {
      if (error instanceof Refused) throw error;
      // A server with too many connections sends an error and closes. If the PROXY header is written before that error is read, the
      // error can be lost. So the second attempt first waits for the error.
      return ServerConnection.attempt(path, callerAddress, PATIENCE_MS);
    }
  }

  private static async attempt(path: string, callerAddress: string, patienceMs: number): Promise<ServerConnection> {
    const socket = connect(path);
    // Without a listener, an error would end this process. With it, the socket closes, and a wait for a packet fails.
    socket.on('error', () => socket.destroy());
    await untilConnected(socket);
    const reader = new PacketReader(socket);
    const first = reader.next(LONGEST_REPLY_BYTES);
    if (patienceMs > 0) await Promise.race([first, sleep(patienceMs)]);
    // The server uses only the caller's address of this header; the other fields are placeholders.
    socket.write(`PROXY TCP4 ${callerAddress} 127.0.0.1 0 0\r\n`);
    const { payload } = await first;
    if (!wire.isError(payload)) return new ServerConnection(socket, payload, reader, callerAddress);
    socket.destroy();
    throw Refused.byServer(payload);
  }

  /** Id with which KILL ends the connection or its statement. */
  get threadId(): number {
    return wire.threadIdOf(this.greeting);
  }

  /**
   * Logs in.
   *
   * @returns the connection, ready for commands
   * @throws Refused if the server refuses the login.
   * @throws Error if the server disconnects.
   */
  async logIn({ loginPacket, password, isEncrypted }: ServerLogin): Promise<Duplex> {
    const server = isEncrypted ? await this.encrypt(loginPacket) : this.socket;
    const proof = scramble('mysql_native_password', password, wire.nonceOf(this.greeting));
    server.write(frame(isEncrypted ? 2 : 1, wire.makeLoginPacket(loginPacket, { tls: isEncrypted, proof })));
    const reader = isEncrypted ? new PacketReader(server) : this.plainReader;
    let { payload, sequence } = await reader.next(LONGEST_REPLY_BYTES);
    // A user can have a current and a previous password. The server checks `password` against one of the two. If this check fails, the
    // server asks again and checks the other.
    while (wire.isAuthSwitch(payload)) {
      server.write(frame(sequence + 1, scramble('mysql_native_password', password, wire.nonceOfSwitch(payload))));
      ({ payload, sequence } = await reader.next(LONGEST_REPLY_BYTES));
    }
    if (wire.isOk(payload)) return server;
    this.close();
    if (wire.errorNumberOf(payload) === MARIADBS_ACCOUNT_LOCKED) {
      throw Refused.by(accountLocked(loginPacket.user, this.callerAddress));
    }
    throw Refused.byServer(payload);
  }

  close(): void {
    this.socket.destroy();
  }

  private async encrypt(loginPacket: wire.LoginPacket): Promise<Duplex> {
    this.socket.write(frame(1, wire.makeLoginPacket(loginPacket, { tls: true })));
    // The server is behind a Unix socket and has a certificate that this process issued, so there is no identity to verify.
    const server = connectTls({ socket: this.socket, rejectUnauthorized: false });
    server.on('error', () => this.socket.destroy());
    await untilSecured(server, this.socket);
    return server;
  }
}

/** Waits until a socket is connected. */
export function untilConnected(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('connect', resolve).once('close', () => reject(new Error('The database server does not answer')));
  });
}

/** Waits for the TLS handshake. If the socket closes first, the TLS socket emits neither "error" nor "close". */
export function untilSecured(server: TLSSocket, socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    const lost = (): void => reject(new Error('The database server closed the connection'));
    server.once('secureConnect', resolve).once('error', lost);
    socket.once('close', lost);
    if (socket.closed) lost();
  });
}
