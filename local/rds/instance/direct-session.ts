import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import type { ClientConnection } from '../protocol/client-connection';
import { frame, PacketTooLong, type Packet } from '../protocol/packets';
import type { Translator } from './translator';

/** Statements that need translation for MariaDB are short; longer commands pass unread. */
const LONGEST_TRANSLATED_BYTES = 65_536;

/** Serves a client with its own connection to the database. */
export class DirectSession {
  constructor(
    private readonly client: ClientConnection,
    private readonly server: Duplex,
    private readonly translator: Translator,
  ) {}

  /** Passes commands and responses between client and database. If one disconnects, it disconnects the other. */
  async run(): Promise<void> {
    const { client, server } = this;
    server.pipe(client.stream);
    client.stream.on('close', () => server.destroy());
    server.on('close', () => client.stream.destroy());
    if (client.stream.destroyed) server.destroy();
    try {
      for (;;) await this.pass();
    } catch {
      // The client disconnected, or the translation failed without the database.
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

  /** Returns the next packet; `undefined` if it is too long to read. */
  private async next(): Promise<Packet | undefined> {
    try {
      return await this.client.reader.next(LONGEST_TRANSLATED_BYTES);
    } catch (error) {
      if (error instanceof PacketTooLong) return undefined;
      throw error;
    }
  }
}
