import { constants, generateKeyPair, privateDecrypt, randomInt } from 'node:crypto';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import type { KeyedCertificate } from './certificate-authority';
import { frame, PacketReader, type Packet } from './packets';
import type { Refused } from './refused';
import { proves, unmask, type ScramblePlugin } from './scramble';
import * as wire from './wire';

const NONCE_BYTES = 20;

/** The client's side of a login: the server's first words, TLS if the client wants it, and what it proves itself by. */
export class ClientConnection {
  /** Whether it is logged in. */
  isAccepted = false;
  private sequence: number;

  private constructor(
    readonly stream: Socket,
    readonly reader: PacketReader,
    readonly hello: wire.ClientHello,
    readonly isEncrypted: boolean,
    private readonly nonce: Buffer,
    { sequence }: Packet,
  ) {
    this.sequence = sequence;
  }

  /**
   * Hears who wants to come in.
   *
   * @throws Error where the client leaves before it has said so.
   */
  static async greet(socket: Socket, certificate: KeyedCertificate): Promise<ClientConnection> {
    // A zero in the nonce would end it for the client.
    const nonce = Buffer.from(Array.from({ length: NONCE_BYTES }, () => randomInt(1, 128)));
    socket.write(frame(0, wire.greeting(nonce, 'caching_sha2_password')));
    const plain = new PacketReader(socket);
    const first = await plain.next();
    const hello = wire.parseClientHello;
    if (!wire.asksForTls(first.payload)) {
      return new ClientConnection(socket, plain, hello(first.payload), false, nonce, first);
    }
    plain.release();
    const stream = new TLSSocket(socket, { isServer: true, minVersion: 'TLSv1.2', ...certificate });
    stream.on('error', () => socket.destroy());
    const reader = new PacketReader(stream);
    const packet = await reader.next();
    return new ClientConnection(stream, reader, hello(packet.payload), true, nonce, packet);
  }

  /** Asks for a token, which travels as it is. SECURITY: never ask for one without TLS. */
  async askToken(): Promise<string> {
    const answer = await this.ask(wire.authSwitch('mysql_clear_password', this.nonce));
    return answer.toString('utf8').replace(/\0$/, '');
  }

  /** Asks for the password itself, over TLS, or mixed with the nonce and encrypted with a key of RSA as MySQL has one. */
  async askPassword(): Promise<string> {
    const scrambled = await this.ask(wire.authSwitch('caching_sha2_password', this.nonce));
    if (scrambled.length === 0) return '';
    const answer = await this.ask(wire.FULL_AUTHENTICATION);
    if (this.isEncrypted) return answer.toString('utf8').replace(/\0$/, '');
    if (!wire.asksForKey(answer)) throw new Error('A password came in the clear');
    const { publicKey, privateKey } = await rsaKeys();
    const encrypted = await this.ask(wire.rsaKey(publicKey));
    return unmask(
      privateDecrypt({ key: privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING }, encrypted),
      this.nonce,
    );
  }

  /** Whether the client knows a password, which it does not have to say, so that this needs no TLS. */
  async knows(password: string, plugin: ScramblePlugin): Promise<boolean> {
    const answer = await this.ask(wire.authSwitch(plugin, this.nonce));
    if (!proves(plugin, password, this.nonce, answer)) return false;
    if (plugin === 'caching_sha2_password') this.say(wire.FAST_AUTHENTICATION);
    return true;
  }

  accept(): void {
    this.isAccepted = true;
    this.say(wire.OK);
  }

  refuse({ payload }: Refused): void {
    this.say(payload);
    this.stream.end();
  }

  private say(payload: Buffer): void {
    this.sequence += 1;
    this.stream.write(frame(this.sequence, payload));
  }

  private async ask(payload: Buffer): Promise<Buffer> {
    this.say(payload);
    const answer = await this.reader.next();
    this.sequence = answer.sequence;
    return answer.payload;
  }
}

let keys: Promise<{ publicKey: string; privateKey: string }> | undefined;

/** Made when somebody first comes without TLS. */
function rsaKeys(): Promise<{ publicKey: string; privateKey: string }> {
  keys ??= promisify(generateKeyPair)('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return keys;
}
