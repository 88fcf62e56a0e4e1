import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { frame, PacketReader } from '../protocol/packets';
import { Refused } from '../protocol/refused';
import { untilConnected, LONGEST_REPLY_BYTES, untilSecured } from '../protocol/server-connection';
import * as wire from '../protocol/wire';

export interface TokenLogin {
  /** Host name of the endpoint. Its certificate must be valid for this name. */
  readonly host: string;
  readonly port: number;
  /** Loopback address of the endpoint. */
  readonly address: string;
  /** Loopback address of the caller. */
  readonly from: string;
  /** Certificate authorities that may sign for the endpoint, PEM. */
  readonly ca: string;
  readonly loginPacket: wire.LoginPacket;
  readonly token: string;
}

/** Error of a login in which the endpoint requests no token, because the user does not have AWSAuthenticationPlugin. */
export class NoIamUser extends Error {
  override readonly name = 'NoIamUser';

  constructor(user: string) {
    super(`the instance has no user '${user}' with AWSAuthenticationPlugin`);
  }
}

/**
 * Logs in to an RDS endpoint with a token. SECURITY: sends the token only on request, over TLS, to an endpoint with a verified
 * certificate.
 *
 * @returns the connection, ready for commands
 * @throws Refused if the endpoint refuses the login.
 * @throws NoIamUser if the user does not have AWSAuthenticationPlugin.
 * @throws Error if the endpoint does not answer, or its certificate is invalid.
 */
export async function logInByToken({ host, port, address, from, ca, loginPacket, token }: TokenLogin): Promise<Duplex> {
  const socket = connect({ host: address, port, localAddress: from });
  socket.on('error', () => socket.destroy());
  await untilConnected(socket);
  try {
    const { payload: greeting } = await new PacketReader(socket).next(LONGEST_REPLY_BYTES);
    if (wire.isError(greeting)) throw Refused.byServer(greeting);
    socket.write(frame(1, wire.makeLoginPacket(loginPacket, { tls: true })));
    const server = connectTls({ socket, servername: host, ca, minVersion: 'TLSv1.2' });
    server.on('error', () => socket.destroy());
    await untilSecured(server, socket).catch((error: unknown) => {
      // At run time this is a code such as DEPTH_ZERO_SELF_SIGNED_CERT, although its type is Error.
      const flaw = server.authorizationError as unknown as string | null;
      throw flaw ? new Error(`The certificate of ${host} is refused: ${flaw}`) : error;
    });
    await authenticate(server, loginPacket, token);
    return server;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** Sends the login packet, and the token if the endpoint requests it. */
async function authenticate(server: Duplex, loginPacket: wire.LoginPacket, token: string): Promise<void> {
  const reader = new PacketReader(server);
  server.write(frame(2, wire.makeLoginPacket(loginPacket, { tls: true, proof: Buffer.alloc(0) })));
  let { payload, sequence } = await reader.next(LONGEST_REPLY_BYTES);
  if (wire.isAuthSwitch(payload)) {
    if (wire.pluginOfSwitch(payload) !== 'mysql_clear_password') throw new NoIamUser(loginPacket.user);
    server.write(frame(sequence + 1, Buffer.from(`${token}\0`)));
    ({ payload, sequence } = await reader.next(LONGEST_REPLY_BYTES));
  }
  if (!wire.isOk(payload)) throw Refused.byServer(payload);
}
