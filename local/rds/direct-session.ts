import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import type { ClientConnection } from './client-connection';
import { frame, PacketTooLong, type Packet } from './packets';
import type { Translator } from './translator';

/** Statements that MariaDB needs in other words are short; longer commands go through unread. */
const LONGEST_BYTES = 65_536;

/** A client that has one connection to the database for itself. */
export class DirectSession {
  constructor(
    private readonly client: ClientConnection,
    private readonly server: Duplex,
    private readonly translator: Translator,
  ) {}

  /** Carries commands to the database and answers back, until one of both is gone; then the other goes, too. */
  async run(): Promise<void> {
    const { client, server } = this;
    server.pipe(client.stream);
    client.stream.on('close', () => server.destroy());
    server.on('close', () => client.stream.destroy());
    if (client.stream.destroyed) server.destroy();
    try {
      for (;;) await this.pass();
    } catch {
      // The client has left, or what it sent cannot be translated since the database is gone.
      server.end();
      if (!client.stream.destroyed) await once(client.stream.end(), 'close');
    }
  }

  private async pass(): Promise<void> {
    const packet = await this.next();
    if (packet === undefined) {
      await this.client.reader.passOn(this.server);
      return;
    }
    const isTaken = this.server.write(frame(packet.sequence, await this.translator.command(packet)));
    if (!isTaken) await once(this.server, 'drain');
  }

  /** The next packet; `undefined` where it is too long to be read. */
  private async next(): Promise<Packet | undefined> {
    try {
      return await this.client.reader.next(LONGEST_BYTES);
    } catch (error) {
      if (error instanceof PacketTooLong) return undefined;
      throw error;
    }
  }
}
