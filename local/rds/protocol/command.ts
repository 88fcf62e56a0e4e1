import { PassThrough, type Duplex, type Writable } from 'node:stream';
import { frame, HEADER_BYTES, type Packet } from './packets';
import { Response } from './response';
import { Command } from './wire';

/**
 * Sends a command to the database and streams the response to the client.
 *
 * @returns the session's status flags after the command; `undefined` if the database answers with an error
 * @throws Error if the client or the database disconnects before the end, or the database requests a file of the client.
 */
export function forwardCommand(
  server: Duplex,
  { sequence, payload }: Packet,
  client: Writable,
): Promise<number | undefined> {
  const response = new Response();
  return new Promise((resolve, reject) => {
    const lost = (): void => reject(new Error('The client or the database disconnected before the end of a response'));
    const forward = (chunk: Buffer): void => {
      // Writing to a destroyed client would pause the database connection, and no `drain` would resume it.
      if (client.destroyed) {
        lost();
        return;
      }
      try {
        response.push(chunk);
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
        return;
      }
      if (!client.write(chunk)) {
        server.pause();
        client.once('drain', () => server.resume());
      }
      if (response.end === undefined) return;
      server.off('data', forward).off('close', lost);
      client.off('close', lost);
      // A slow client may have paused the database connection. The next client of this connection must receive data.
      server.resume();
      resolve(response.end.status);
    };
    server.on('data', forward).on('close', lost);
    client.on('close', lost);
    server.write(frame(sequence, payload));
  });
}

/** Runs a statement that the proxy itself issues, not its client. @returns the payload of the server's error packet, if any */
export async function execute(server: Duplex, statement: string): Promise<Buffer | undefined> {
  const answer = new PassThrough();
  const payload = Buffer.concat([Buffer.from([Command.QUERY]), Buffer.from(statement)]);
  const status = await forwardCommand(server, { sequence: 0, payload }, answer);
  if (status !== undefined) return undefined;
  return ((answer.read() as Buffer | null) ?? Buffer.alloc(0)).subarray(HEADER_BYTES);
}
