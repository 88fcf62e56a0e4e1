import { once } from 'node:events';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { frame, PacketReader } from './packets';
import { Refused } from './refused';
import { scramble } from './scramble';
import * as wire from './wire';

/** Errors of the server are the longest. */
const LONGEST_LOGIN_BYTES = 65_536;

/** Who logs in to the server, and from where. */
export interface ServerLogin {
  /** Path of MariaDB's Unix socket. */
  readonly socket: string;
  /** Address that the server takes the caller to have. */
  readonly callerAddress: string;
  readonly hello: wire.ClientHello;
  readonly password: string;
  /** Whether the server sees TLS, as users that REQUIRE SSL need it. */
  readonly isEncrypted: boolean;
}

/**
 * Logs in to MariaDB.
 *
 * @returns the connection, ready for commands.
 * @throws Refused where the server says no.
 * @throws Error where it does not answer.
 */
export async function logIn(login: ServerLogin): Promise<Duplex> {
  const { callerAddress, hello, password, isEncrypted } = login;
  const socket = connect(login.socket);
  // What ends the socket also ends who waits for its next packet.
  socket.on('error', () => socket.destroy());
  await connected(socket);
  // The server uses the caller's address only.
  socket.write(`PROXY TCP4 ${callerAddress} 127.0.0.1 0 0\r\n`);
  const plain = new PacketReader(socket);
  const { payload: greeting } = await plain.next(LONGEST_LOGIN_BYTES);
  if (wire.isError(greeting)) throw Refused.byServer(greeting);

  let server: Duplex = socket;
  if (isEncrypted) {
    socket.write(frame(1, wire.clientHello(hello, true)));
    // Loopback, and a certificate that this process has made itself: there is nobody to verify.
    server = connectTls({ socket, rejectUnauthorized: false });
    server.on('error', () => socket.destroy());
    await once(server, 'secureConnect');
  }
  const proof = scramble('mysql_native_password', password, wire.nonceOf(greeting));
  server.write(frame(isEncrypted ? 2 : 1, wire.clientHello(hello, isEncrypted, proof)));
  const reader = isEncrypted ? new PacketReader(server) : plain;
  let { payload, sequence } = await reader.next(LONGEST_LOGIN_BYTES);
  // A user with two passwords is asked for each of them; the same one is offered again.
  while (wire.isAuthSwitch(payload)) {
    server.write(frame(sequence + 1, scramble('mysql_native_password', password, wire.nonceOfSwitch(payload))));
    ({ payload, sequence } = await reader.next(LONGEST_LOGIN_BYTES));
  }
  if (wire.isOk(payload)) return server;
  socket.destroy();
  throw Refused.byServer(payload);
}

function connected(socket: ReturnType<typeof connect>): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('connect', resolve).once('close', () => reject(new Error('The database server does not answer')));
  });
}
