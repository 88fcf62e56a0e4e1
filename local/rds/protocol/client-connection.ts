import { constants, generateKeyPair, privateDecrypt, randomInt } from 'node:crypto';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import type { KeyedCertificate } from '../../certificates/certificate-authority';
import { inTime } from '../../processes/in-time';
import { CompressedStream } from './compressed-stream';
import { HANDSHAKE_ERROR, PACKET_TOO_LARGE, READ_INTERRUPTED } from './mysql-errors';
import { frame, PacketReader } from './packets';
import { Refused } from './refused';
import { isValidResponse, unmask, type ScramblePlugin } from './scramble';
import * as wire from './wire';

const NONCE_BYTES = 20;

/** Time for a refused client to read the error. */
const ERROR_READ_MS = 1000;

/** Enough for a login with attributes (at most 64 KiB) and any token. MySQL itself allows `max_allowed_packet`. */
const LONGEST_LOGIN_BYTES = 131_072;

/** The stages of a login, from the connection to the first statement. */
export const LOGIN_STAGES = ['TCP connect', 'greeting', 'TLS handshake', 'authentication', 'first statement'] as const;

export type LoginStage = (typeof LOGIN_STAGES)[number];

/** Logs a client in: greeting, TLS if the client asks for it, then password or token. */
export class ClientConnection {
  isAccepted = false;
  isEncrypted = false;
  /** The plain data to and from the client, without TLS and compression. */
  stream: Duplex;
  reader: PacketReader;
  /** The client's login packet. Until it arrives, the user has the same placeholder name as in MySQL's process list. */
  loginPacket: wire.LoginPacket = { capabilities: 0, collation: 0, user: 'unauthenticated user', isCompressed: false };
  private sequence = -1;
  // Clients read the nonce up to the first zero byte, so it contains none.
  private readonly nonce = Buffer.from(Array.from({ length: NONCE_BYTES }, () => randomInt(1, 128)));

  /**
   * @param connectTimeoutSeconds longest silence of the client during its login, seconds
   * @param onStage called when the login reaches a stage, before the server continues
   */
  constructor(
    private transport: Socket,
    private readonly certificate: KeyedCertificate,
    private readonly connectTimeoutSeconds: number,
    private readonly onStage: (stage: LoginStage) => void = () => undefined,
  ) {
    this.stream = transport;
    this.reader = new PacketReader(transport);
  }

  /**
   * Greets the client and reads its login packet.
   *
   * @param threadId id with which KILL ends this connection or its statement
   * @param options `offersCompression`: whether the client may use the compressed protocol
   * @throws Refused if the client is silent, its packet is too long, or it compresses although compression was not offered.
   * @throws Error if the client disconnects.
   */
  async greet(threadId: number, { offersCompression = false } = {}): Promise<void> {
    this.onStage('TCP connect');
    this.send(wire.greeting(this.nonce, 'caching_sha2_password', threadId, offersCompression));
    this.onStage('greeting');
    let answer = await this.receive();
    if (wire.asksForTls(answer)) {
      this.encrypt();
      answer = await this.receive();
    }
    this.loginPacket = wire.parseLoginPacket(answer);
    this.onStage('authentication');
    // PHP compresses even if compression was not offered; without this check both sides would wait forever.
    if (this.loginPacket.isCompressed && !offersCompression) throw Refused.by(HANDSHAKE_ERROR);
  }

  /** Asks for a token, which is sent in clear text. SECURITY: never ask for one without TLS. */
  async askToken(): Promise<string> {
    return withoutFinalZero(await this.ask(wire.authSwitch('mysql_clear_password', this.nonce)));
  }

  /** Asks for the password itself: over TLS, or masked with the nonce and encrypted with an RSA key, as MySQL does. */
  async askPassword(): Promise<string> {
    const scrambled = await this.ask(wire.authSwitch('caching_sha2_password', this.nonce));
    if (scrambled.length === 0) return '';
    const answer = await this.ask(wire.FULL_AUTHENTICATION);
    if (this.isEncrypted) return withoutFinalZero(answer);
    if (!wire.asksForKey(answer)) throw new Error('The client sent a password in clear text without TLS');
    const { publicKey, privateKey } = await rsaKeys();
    const encrypted = await this.ask(wire.rsaKey(publicKey));
    return unmask(
      privateDecrypt({ key: privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING }, encrypted),
      this.nonce,
    );
  }

  /**
   * Checks that the client knows a password. A right scramble proves this, also without TLS. If a scramble of
   * caching_sha2_password is wrong, MySQL asks for the password itself. This method does the same, but only over TLS.
   * PyMySQL 1.0 always sends a wrong scramble, because it treats the zero after the nonce as a part of the nonce.
   *
   * https://dev.mysql.com/doc/dev/mysql-server/latest/page_caching_sha2_authentication_exchanges.html
   */
  async knows(password: string, plugin: ScramblePlugin): Promise<boolean> {
    const answer = await this.ask(wire.authSwitch(plugin, this.nonce));
    const isProven = isValidResponse(plugin, password, this.nonce, answer);
    if (plugin === 'mysql_native_password') return isProven;
    if (isProven) this.send(wire.FAST_AUTHENTICATION);
    else if (this.isEncrypted && answer.length > 0) {
      return withoutFinalZero(await this.ask(wire.FULL_AUTHENTICATION)) === password;
    }
    return isProven;
  }

  accept(): void {
    this.isAccepted = true;
    this.stream.once('readable', () => this.onStage('first statement'));
    this.send(wire.OK);
    if (!this.loginPacket.isCompressed) return;
    this.reader.release();
    this.stream = new CompressedStream(this.stream);
    this.reader = new PacketReader(this.stream);
  }

  /** Closes the connection after this idle time, seconds. */
  closeWhenIdle(seconds: number): void {
    this.transport.setTimeout(seconds * 1000, () => this.stream.end());
  }

  refuse({ payload }: Refused): void {
    this.send(payload);
    // Unread data would turn the close into a reset, and the client would not get the error.
    this.stream.end().resume();
    setTimeout(() => this.stream.destroy(), ERROR_READ_MS).unref();
  }

  private encrypt(): void {
    this.reader.release();
    const socket = this.transport;
    this.transport = new TLSSocket(socket, { isServer: true, minVersion: 'TLSv1.2', ...this.certificate });
    this.transport.on('error', () => socket.destroy());
    this.stream = this.transport;
    this.reader = new PacketReader(this.stream);
    this.isEncrypted = true;
    this.onStage('TLS handshake');
  }

  private send(payload: Buffer): void {
    this.sequence += 1;
    this.stream.write(frame(this.sequence, payload));
  }

  private async receive(): Promise<Buffer> {
    // https://dev.mysql.com/doc/refman/8.4/en/server-system-variables.html#sysvar_connect_timeout
    const packet = this.reader.nextUpTo(LONGEST_LOGIN_BYTES);
    const answer = await inTime(packet, this.connectTimeoutSeconds * 1000, () => Refused.by(READ_INTERRUPTED));
    if (answer === undefined) throw Refused.by(PACKET_TOO_LARGE);
    this.sequence = answer.sequence;
    return answer.payload;
  }

  private ask(payload: Buffer): Promise<Buffer> {
    this.send(payload);
    return this.receive();
  }
}

const withoutFinalZero = (bytes: Buffer): string => bytes.toString('utf8').replace(/\0$/, '');

let keys: Promise<{ publicKey: string; privateKey: string }> | undefined;

/** Creates the RSA keys when the first client without TLS needs them. */
function rsaKeys(): Promise<{ publicKey: string; privateKey: string }> {
  keys ??= promisify(generateKeyPair)('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return keys;
}
