import { constants, generateKeyPair, privateDecrypt, randomInt } from 'node:crypto';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import type { KeyedCertificate } from '../certificates/certificate-authority';
import { CompressedStream } from './compressed-stream';
import { frame, PacketReader, PacketTooLong, type Packet } from './packets';
import { Refused } from './refused';
import { proves, unmask, type ScramblePlugin } from './scramble';
import * as wire from './wire';

const NONCE_BYTES = 20;

/** What a refused client has to read the reason. */
const LAST_WORDS_MS = 1000;

/** Enough for a login with attributes (64 KiB at most) and for any token. MySQL itself would take `max_allowed_packet`. */
const LONGEST_LOGIN_BYTES = 131_072;

const LOGIN_TOO_LONG = Refused.by({
  errno: 1153,
  sqlState: '08S01',
  message: "Got a packet bigger than 'max_allowed_packet' bytes",
});

const BAD_HANDSHAKE = Refused.by({ errno: 1043, sqlState: '08S01', message: 'Bad handshake' });

const LOGIN_TIMED_OUT = Refused.by({
  errno: 1159,
  sqlState: '08S01',
  message: 'Got timeout reading communication packets',
});

/** What a login passes through, from the client's first packet to its first statement. */
export const LOGIN_STAGES = ['TCP connect', 'greeting', 'TLS handshake', 'authentication', 'first statement'] as const;

export type LoginStage = (typeof LOGIN_STAGES)[number];

/** The client's side of a login: the server's first words, TLS if the client wants it, and what it proves itself by. */
export class ClientConnection {
  /** Whether it is logged in. */
  isAccepted = false;
  isEncrypted = false;
  /** What is sent to the client and received from it, without TLS and compression. */
  stream: Duplex;
  reader: PacketReader;
  /** Until it has said its own, the user has the name that MySQL's process list has for it. */
  hello: wire.ClientHello = {
    capabilities: 0,
    collation: 0,
    user: 'unauthenticated user',
    database: undefined,
    isCompressed: false,
  };
  private sequence = -1;
  // A zero in the nonce would end it for the client.
  private readonly nonce = Buffer.from(Array.from({ length: NONCE_BYTES }, () => randomInt(1, 128)));

  /**
   * @param connectTimeout seconds that the client may be silent for until it is logged in
   * @param onStage is called at each stage of the login, before the server answers
   */
  constructor(
    private transport: Socket,
    private readonly certificate: KeyedCertificate,
    private readonly connectTimeout: number,
    private readonly onStage: (stage: LoginStage) => void = () => undefined,
  ) {
    this.stream = transport;
    this.reader = new PacketReader(transport);
  }

  /**
   * Greets the client, and reads who wants to log in.
   *
   * @param threadId what the client says to KILL this connection, or a statement on it
   * @param offersCompression whether the client may compress what it sends
   * @throws Refused where the client is silent or says too much.
   * @throws Error where it leaves.
   */
  async greet(threadId: number, offersCompression = false): Promise<void> {
    this.onStage('TCP connect');
    this.say(wire.greeting(this.nonce, 'caching_sha2_password', threadId, offersCompression));
    this.onStage('greeting');
    let answer = await this.hear();
    if (wire.asksForTls(answer)) {
      this.encrypt();
      answer = await this.hear();
    }
    this.hello = wire.parseClientHello(answer);
    this.onStage('authentication');
    // PHP compresses whether or not it was offered; each side would wait for the other for ever.
    if (this.hello.isCompressed && !offersCompression) throw BAD_HANDSHAKE;
  }

  /** Asks for a token, which travels as it is. SECURITY: never ask for one without TLS. */
  async askToken(): Promise<string> {
    const answer = await this.ask(wire.authSwitch('mysql_clear_password', this.nonce));
    return zeroEnded(answer);
  }

  /** Asks for the password itself, over TLS, or mixed with the nonce and encrypted with a key of RSA as MySQL has one. */
  async askPassword(): Promise<string> {
    const scrambled = await this.ask(wire.authSwitch('caching_sha2_password', this.nonce));
    if (scrambled.length === 0) return '';
    const answer = await this.ask(wire.FULL_AUTHENTICATION);
    if (this.isEncrypted) return zeroEnded(answer);
    if (!wire.asksForKey(answer)) throw new Error('A password came in the clear');
    const { publicKey, privateKey } = await rsaKeys();
    const encrypted = await this.ask(wire.rsaKey(publicKey));
    return unmask(
      privateDecrypt({ key: privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING }, encrypted),
      this.nonce,
    );
  }

  /**
   * Whether the client knows a password. It proves it by a scramble, without TLS, too. Where a scramble of
   * caching_sha2_password does not fit, MySQL asks for the password itself, and so does this, over TLS only: PyMySQL 1.0
   * takes the zero behind the nonce for a part of it.
   *
   * https://dev.mysql.com/doc/dev/mysql-server/latest/page_caching_sha2_authentication_exchanges.html
   */
  async knows(password: string, plugin: ScramblePlugin): Promise<boolean> {
    const answer = await this.ask(wire.authSwitch(plugin, this.nonce));
    const isProven = proves(plugin, password, this.nonce, answer);
    if (plugin === 'mysql_native_password') return isProven;
    if (isProven) this.say(wire.FAST_AUTHENTICATION);
    else if (this.isEncrypted && answer.length > 0) {
      return zeroEnded(await this.ask(wire.FULL_AUTHENTICATION)) === password;
    }
    return isProven;
  }

  accept(): void {
    this.isAccepted = true;
    this.stream.once('readable', () => this.onStage('first statement'));
    this.say(wire.OK);
    if (!this.hello.isCompressed) return;
    this.reader.release();
    this.stream = new CompressedStream(this.stream);
    this.reader = new PacketReader(this.stream);
  }

  /** Closes the connection once the client has been idle for so many seconds. */
  closeWhenIdle(seconds: number): void {
    this.transport.setTimeout(seconds * 1000, () => this.stream.end());
  }

  refuse({ payload }: Refused): void {
    this.say(payload);
    // What is unread would turn the end into a reset, and the client would lose the reason.
    this.stream.end().resume();
    setTimeout(() => this.stream.destroy(), LAST_WORDS_MS).unref();
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

  private say(payload: Buffer): void {
    this.sequence += 1;
    this.stream.write(frame(this.sequence, payload));
  }

  private async hear(): Promise<Buffer> {
    const answer = await this.nextPacket();
    this.sequence = answer.sequence;
    return answer.payload;
  }

  private ask(payload: Buffer): Promise<Buffer> {
    this.say(payload);
    return this.hear();
  }

  /** https://dev.mysql.com/doc/refman/8.4/en/server-system-variables.html#sysvar_connect_timeout */
  private async nextPacket(): Promise<Packet> {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(LOGIN_TIMED_OUT), this.connectTimeout * 1000);
    });
    try {
      return await Promise.race([this.reader.next(LONGEST_LOGIN_BYTES), timeout]);
    } catch (error) {
      throw error instanceof PacketTooLong ? LOGIN_TOO_LONG : error;
    } finally {
      clearTimeout(timer);
    }
  }
}

/** A text that a zero ends. */
const zeroEnded = (bytes: Buffer): string => bytes.toString('utf8').replace(/\0$/, '');

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
