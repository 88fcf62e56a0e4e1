import type { Duplex } from 'node:stream';
import type { ClientConnection } from './client-connection';
import { join } from './front';
import { frame, PacketTooLong, type Packet } from './packets';
import { Refused } from './refused';
import { Response } from './response';
import { Command, Status } from './wire';

/** Where a session gets its connection to the database from, and gives it back to. */
export interface Lender {
  /** @throws Refused where none gets free in time. */
  borrow(): Promise<Duplex>;
  giveBack(connection: Duplex): void;
}

/** Longer statements pin. https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy-pinning.html */
const LONGEST_STATEMENT_BYTES = 16_384;

/** The statement behind the byte of its command. */
const LONGEST_COMMAND_BYTES = 1 + LONGEST_STATEMENT_BYTES;

/** Statements that change or read what a connection remembers: variables, locks, temporary tables, the database. */
const OF_THE_SESSION =
  /^\s*(SET|USE|LOCK|FLUSH|PREPARE|EXECUTE|DEALLOCATE|HANDLER|LOAD|CALL)\b|@|\bTEMPORARY\b|\b(GET_LOCK|FOUND_ROWS|ROW_COUNT|LAST_INSERT_ID)\b|\bSQL_CALC_FOUND_ROWS\b/i;

/** Whether a command ties a session to its connection: prepared statements and everything but plain statements do. */
export function pins(command: Buffer): boolean {
  if (command[0] === Command.PING) return false;
  if (command[0] !== Command.QUERY) return true;
  return OF_THE_SESSION.test(command.toString('utf8', 1));
}

/**
 * A client of a proxy, logged in. It holds a connection to the database for one transaction only, as with RDS Proxy;
 * from a command that pins on it keeps its connection, which ends with it.
 */
export class ProxySession {
  private held: Duplex | undefined;

  constructor(
    private readonly client: ClientConnection,
    private readonly lender: Lender,
  ) {}

  /** Serves commands until the client leaves. */
  async run(): Promise<void> {
    try {
      for (;;) {
        const command = await this.nextCommand();
        if (command?.payload[0] === Command.QUIT) break;
        const server = await this.hold(command?.sequence ?? 0);
        if (server === undefined) {
          if (command === undefined) await this.client.reader.skip();
          continue;
        }
        if (command === undefined || pins(command.payload)) {
          await this.pin(server, command);
          break;
        }
        const status = await this.answer(server, command);
        if (isBetweenTransactions(status)) this.letGo(server);
      }
    } finally {
      this.held?.destroy();
      this.client.stream.end();
    }
  }

  /** `undefined` for a command that pins by its length alone; it is still unread. */
  private async nextCommand(): Promise<Packet | undefined> {
    try {
      return await this.client.reader.next(LONGEST_COMMAND_BYTES);
    } catch (error) {
      if (error instanceof PacketTooLong) return undefined;
      throw error;
    }
  }

  private async hold(sequence: number): Promise<Duplex | undefined> {
    if (this.held) return this.held;
    try {
      this.held = await this.lender.borrow();
      this.held.on('close', this.leave);
      return this.held;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.client.stream.write(frame(sequence + 1, error.payload));
      return undefined;
    }
  }

  private letGo(server: Duplex): void {
    server.off('close', this.leave);
    this.held = undefined;
    this.lender.giveBack(server);
  }

  /** Without the connection that it holds, the session is lost. */
  private readonly leave = (): void => void this.client.stream.destroy();

  private pin(server: Duplex, command: Packet | undefined): Promise<void> {
    if (command) server.write(frame(command.sequence, command.payload));
    return join(this.client, server);
  }

  /** Sends a statement and hands on the answer as it comes. @returns the flags of the session behind it */
  private answer(server: Duplex, { sequence, payload }: Packet): Promise<number | undefined> {
    const { stream } = this.client;
    const response = new Response();
    return new Promise((resolve, reject) => {
      const lost = (): void => reject(new Error('The client or the database has left in the middle of an answer'));
      const forward = (chunk: Buffer): void => {
        // It takes nothing any more and never drains: the connection would be given back paused.
        if (stream.destroyed) {
          lost();
          return;
        }
        response.push(chunk);
        if (!stream.write(chunk)) {
          server.pause();
          stream.once('drain', () => server.resume());
        }
        if (response.end === undefined) return;
        server.off('data', forward).off('close', lost);
        stream.off('close', lost);
        // The next borrower has to hear it, however slow this client is.
        server.resume();
        resolve(response.end.status);
      };
      server.on('data', forward).on('close', lost);
      stream.on('close', lost);
      server.write(frame(sequence, payload));
    });
  }
}

/** After an error nobody knows whether a transaction is open: the connection is kept until an answer tells. */
function isBetweenTransactions(status: number | undefined): boolean {
  return status !== undefined && (status & (Status.IN_TRANSACTION | Status.AUTOCOMMIT)) === Status.AUTOCOMMIT;
}
