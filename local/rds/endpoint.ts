import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls, TLSSocket } from 'node:tls';
import type { KeyedCertificate } from './certificate-authority';
import type { Gate } from './gates';
import * as wire from './wire';

export interface EndpointOptions {
  readonly certificate: KeyedCertificate;
  readonly gate: Gate;
  /** Port of the MariaDB server behind. */
  readonly serverPort: number;
  /** The address that the caller would have in the VPC. */
  readonly callerAddress: string;
  /** @default '127.0.0.1' */
  readonly address?: string;
  /** @default - a free port */
  readonly port?: number;
}

const NONCE_BYTES = 20;
const COM_QUERY = 3;

/**
 * An endpoint of RDS or RDS Proxy on one machine: TLS with a certificate for the endpoint's name, logins by token or by
 * password, then the commands of the client to the server behind, as the user that came in.
 */
export class RdsEndpoint {
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly options: EndpointOptions,
  ) {
    server.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket)).on('error', () => socket.destroy());
      this.serve(socket).catch(() => socket.destroy());
    });
  }

  static async start(options: EndpointOptions): Promise<RdsEndpoint> {
    const server = createServer().listen(options.port ?? 0, options.address ?? '127.0.0.1');
    const endpoint = new RdsEndpoint(server, options);
    await once(server, 'listening');
    return endpoint;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Connections that are open. */
  get connections(): number {
    return this.sockets.size;
  }

  /** Cuts every connection without a word, as a failing network does. */
  cut(): void {
    for (const socket of this.sockets) socket.resetAndDestroy();
  }

  async stop(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private async serve(socket: Socket): Promise<void> {
    // A zero in the nonce would end it for the client.
    const nonce = Buffer.from(Array.from({ length: NONCE_BYTES }, () => randomInt(1, 128)));
    socket.write(wire.frame(0, wire.greeting(nonce, 'caching_sha2_password')));
    const plain = new wire.PacketReader(socket);
    let packet = await plain.next();
    let client: Duplex = socket;
    let reader = plain;
    if (wire.asksForTls(packet.payload)) {
      plain.release();
      client = new TLSSocket(socket, { isServer: true, ...this.options.certificate });
      client.on('error', () => socket.destroy());
      reader = new wire.PacketReader(client);
      packet = await reader.next();
    }
    const hello = wire.parseClientHello(packet.payload);
    const { proof, sequence } = await this.askForProof(client, reader, hello.user, packet.sequence, nonce);
    const password = await this.options.gate.admit(hello.user, proof);
    const answer =
      password === undefined ? this.denied(hello.user) : await this.logIn(hello, password, client !== socket);
    client.write(wire.frame(sequence + 1, Buffer.isBuffer(answer) ? answer : wire.OK));
    if (Buffer.isBuffer(answer)) client.end();
    else await this.relay(client, reader, answer);
  }

  private async askForProof(
    client: Duplex,
    reader: wire.PacketReader,
    user: string,
    sequence: number,
    nonce: Buffer,
  ): Promise<{ proof: string; sequence: number }> {
    const plugin = await this.options.gate.proofOf(user);
    client.write(wire.frame(sequence + 1, wire.authSwitch(plugin, nonce)));
    let answer = await reader.next();
    if (plugin === 'caching_sha2_password') {
      client.write(wire.frame(answer.sequence + 1, wire.FULL_AUTHENTICATION));
      answer = await reader.next();
    }
    return { proof: answer.payload.toString('utf8').replace(/\0$/, ''), sequence: answer.sequence };
  }

  private denied(user: string): Buffer {
    const message = `Access denied for user '${user}'@'${this.options.callerAddress}' (using password: YES)`;
    return wire.errorPacket({ errno: 1045, sqlState: '28000', message });
  }

  /** Logs in to the server, over TLS where the client came so. Answers with its refusal, as it was said. */
  private async logIn(hello: wire.ClientHello, password: string, tls: boolean): Promise<Duplex | Buffer> {
    const { serverPort, callerAddress } = this.options;
    const socket = connect(serverPort, '127.0.0.1');
    socket.on('error', () => socket.destroy());
    await once(socket, 'connect');
    socket.write(`PROXY TCP4 ${callerAddress} 127.0.0.1 ${socket.localPort ?? 0} ${serverPort}\r\n`);
    let reader = new wire.PacketReader(socket);
    const greeting = await reader.next();
    if (greeting.payload[0] === 0xff) return greeting.payload;
    const nonce = wire.nonceOf(greeting.payload);
    let server: Duplex = socket;
    if (tls) {
      socket.write(wire.frame(1, wire.clientHello(hello, true)));
      // Loopback, and a certificate made a moment ago by ourselves: there is nobody to verify.
      server = connectTls({ socket, rejectUnauthorized: false });
      server.on('error', () => socket.destroy());
      await once(server, 'secureConnect');
      reader = new wire.PacketReader(server);
    }
    server.write(wire.frame(tls ? 2 : 1, wire.clientHello(hello, tls, wire.nativeProof(password, nonce))));
    let { payload, sequence } = await reader.next();
    // A user with two passwords is asked for each of them; the same one is offered again.
    while (wire.isAuthSwitch(payload)) {
      server.write(wire.frame(sequence + 1, wire.nativeProof(password, wire.nonceOfSwitch(payload))));
      ({ payload, sequence } = await reader.next());
    }
    if (wire.isOk(payload)) return server;
    socket.destroy();
    return payload;
  }

  private async relay(client: Duplex, reader: wire.PacketReader, server: Duplex): Promise<void> {
    server.pipe(client);
    client.on('close', () => server.destroy());
    server.on('close', () => client.destroy());
    for (;;) {
      const { sequence, payload } = await reader.next();
      const text =
        payload[0] === COM_QUERY ? await this.options.gate.translate(payload.toString('utf8', 1)) : undefined;
      server.write(
        wire.frame(
          sequence,
          text === undefined ? payload : Buffer.concat([Buffer.from([COM_QUERY]), Buffer.from(text)]),
        ),
      );
    }
  }
}
