import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { frame, PacketReader } from './packets';
import { Refused } from './refused';
import { scramble } from './scramble';
import * as wire from './wire';

/** Errors of the server are the longest. */
export const LONGEST_LOGIN_BYTES = 65_536;

const PATIENCE_MS = 100;

export interface ServerLogin {
  readonly hello: wire.ClientHello;
  readonly password: string;
  /** Whether the server sees TLS, as users that REQUIRE SSL need it. */
  readonly isEncrypted: boolean;
}

/** A connection to MariaDB on which no user has logged in yet. */
export class ServerConnection {
  private constructor(
    private readonly socket: Socket,
    private readonly greeting: Buffer,
    private readonly plain: PacketReader,
  ) {}

  /**
   * Connects, and reads the server's greeting.
   *
   * @param path of MariaDB's Unix socket
   * @param callerAddress address that the server takes the caller to have
   * @throws Refused where the server accepts no connection, for example because it has too many.
   * @throws Error where it does not answer.
   */
  static async open(path: string, callerAddress: string): Promise<ServerConnection> {
    try {
      return await ServerConnection.attempt(path, callerAddress, 0);
    } catch (error) {
      if (error instanceof Refused) throw error;
      // A server with too many connections says so and closes without reading the header; a broken pipe may hide its words.
      return ServerConnection.attempt(path, callerAddress, PATIENCE_MS);
    }
  }

  private static async attempt(path: string, callerAddress: string, patience: number): Promise<ServerConnection> {
    const socket = connect(path);
    // What ends the socket also ends who waits for its next packet.
    socket.on('error', () => socket.destroy());
    await connected(socket);
    const reader = new PacketReader(socket);
    const first = reader.next(LONGEST_LOGIN_BYTES);
    if (patience > 0) await Promise.race([first, sleep(patience)]);
    // The server uses the caller's address only.
    socket.write(`PROXY TCP4 ${callerAddress} 127.0.0.1 0 0\r\n`);
    const { payload } = await first;
    if (!wire.isError(payload)) return new ServerConnection(socket, payload, reader);
    socket.destroy();
    throw Refused.byServer(payload);
  }

  /** The id by which KILL ends the connection or its statement. */
  get threadId(): number {
    return wire.threadIdOf(this.greeting);
  }

  /**
   * Logs in.
   *
   * @returns the connection, ready for commands.
   * @throws Refused where the server says no.
   */
  async logIn({ hello, password, isEncrypted }: ServerLogin): Promise<Duplex> {
    const server = isEncrypted ? await this.encrypt(hello) : this.socket;
    const proof = scramble('mysql_native_password', password, wire.nonceOf(this.greeting));
    server.write(frame(isEncrypted ? 2 : 1, wire.clientHello(hello, isEncrypted, proof)));
    const reader = isEncrypted ? new PacketReader(server) : this.plain;
    let { payload, sequence } = await reader.next(LONGEST_LOGIN_BYTES);
    // A user with two passwords is asked for each of them; the same one is offered again.
    while (wire.isAuthSwitch(payload)) {
      server.write(frame(sequence + 1, scramble('mysql_native_password', password, wire.nonceOfSwitch(payload))));
      ({ payload, sequence } = await reader.next(LONGEST_LOGIN_BYTES));
    }
    if (wire.isOk(payload)) return server;
    this.close();
    throw Refused.byServer(payload);
  }

  close(): void {
    this.socket.destroy();
  }

  private async encrypt(hello: wire.ClientHello): Promise<Duplex> {
    this.socket.write(frame(1, wire.clientHello(hello, true)));
    // A Unix socket, and a certificate that this process has made itself: there is nobody to verify.
    const server = connectTls({ socket: this.socket, rejectUnauthorized: false });
    server.on('error', () => this.socket.destroy());
    await secured(server, this.socket);
    return server;
  }
}

/** Waits until a socket is connected. */
export function connected(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('connect', resolve).once('close', () => reject(new Error('The database server does not answer')));
  });
}

/** Waits for the TLS handshake. A connection that closes before it begins gives a TLS socket without "error" and "close". */
export function secured(server: TLSSocket, socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    const lost = (): void => reject(new Error('The database server has closed the connection'));
    server.once('secureConnect', resolve).once('error', lost);
    socket.once('close', lost);
    if (socket.closed) lost();
  });
}
