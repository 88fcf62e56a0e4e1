import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import type { ClientConnection } from '../protocol/client-connection';
import { frame, writeTo, type PacketReader } from '../protocol/packets';
import type { Translator } from './translator';

/** Statements that need translation for MariaDB are short. Longer commands are passed on without translation. */
const LONGEST_TRANSLATED_BYTES = 65_536;

/** Serves a client through its own database connection. When the client or the database disconnects, both connections end. */
export async function serveDirectly(client: ClientConnection, server: Duplex, translator: Translator): Promise<void> {
  server.pipe(client.stream);
  client.stream.on('close', () => server.destroy());
  server.on('close', () => client.stream.destroy());
  // The event `close` does not come again for a client that has already gone.
  if (client.stream.destroyed) server.destroy();
  try {
    for (;;) await passCommand(client.reader, server, translator);
  } catch {
    // The client or the database disconnected, or a query of the translator failed.
    server.end();
    if (!client.stream.destroyed) await once(client.stream.end(), 'close');
  }
}

async function passCommand(reader: PacketReader, server: Duplex, translator: Translator): Promise<void> {
  const packet = await reader.nextUpTo(LONGEST_TRANSLATED_BYTES);
  if (packet === undefined) return reader.passOn(server);
  await writeTo(server, frame(packet.sequence, await translator.translate(packet)));
}
