import type { Duplex } from 'node:stream';
import type { ClientConnection } from '../protocol/client-connection';
import { serveDirectly } from '../instance/direct-session';
import { forwardCommand } from '../protocol/command';
import { UNKNOWN_COMMAND } from '../protocol/mysql-errors';
import { frame, type Packet } from '../protocol/packets';
import { Refused } from '../protocol/refused';
import { effectOf, replaces, type SessionEffect } from '../sql/pinning';
import type { Translator } from '../instance/translator';
import { Command, errorPacket, OK, Status } from '../protocol/wire';

/** Lends database connections to sessions. */
export interface Lender {
  /**
   * @param settings statements that give the connection the session's settings
   * @throws Refused if no connection becomes free in time, or the database refuses a new one.
   */
  borrow(settings: readonly string[]): Promise<Duplex>;
  giveBack(connection: Duplex, settings: readonly string[]): void;
}

export interface ProxySessionOptions {
  readonly lender: Lender;
  readonly translator: Translator;
  /** Whether the pinning filter EXCLUDE_VARIABLE_SETS is on. */
  readonly excludesSets: boolean;
}

/** A statement that changes the session. The proxy repeats it on every connection that the session borrows later. */
interface Setting {
  /** The variables that the statement sets, or `database` if it selects the default database. */
  readonly names: readonly string[];
  readonly statement: string;
}

/**
 * The command byte and the longest statement that does not pin the session.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy-pinning.html
 */
const LONGEST_COMMAND_BYTES = 1 + 16_384;

/**
 * Serves a logged-in client of a proxy. As with RDS Proxy, the session holds a database connection only for one transaction.
 * A pinned session keeps its connection until the client disconnects; then the connection is closed.
 */
export class ProxySession {
  private held: Duplex | undefined;
  private settings: readonly Setting[] = [];

  constructor(
    private readonly client: ClientConnection,
    private readonly options: ProxySessionOptions,
  ) {}

  /** Serves commands until the client disconnects. */
  async run(): Promise<void> {
    try {
      while (await this.serve(await this.client.reader.nextUpTo(LONGEST_COMMAND_BYTES)));
    } finally {
      this.held?.destroy();
      // Destroys the stream, because unread data that a client sent after QUIT would keep the connection open.
      const { stream } = this.client;
      stream.end(() => stream.destroy());
    }
  }

  /** @param command `undefined` if the command is so long that it pins the session. @returns whether the session continues */
  private async serve(command: Packet | undefined): Promise<boolean> {
    const code = command?.payload[0];
    if (code === Command.QUIT) return false;
    if (code === Command.RESET_CONNECTION) return this.reset(command as Packet);
    if (code === Command.CHANGE_USER) return this.reply(command, errorPacket(UNKNOWN_COMMAND));
    const server = await this.hold(command);
    if (server === undefined) return true;
    const effect = command ? this.effectOfCommand(command) : ({ kind: 'pins' } as const);
    if (command === undefined || effect.kind === 'pins') {
      const { translator } = this.options;
      if (command) server.write(frame(command.sequence, await translator.translate(command)));
      await serveDirectly(this.client, server, translator);
      return false;
    }
    await this.answer(server, command, effect);
    return true;
  }

  private effectOfCommand({ payload }: Packet): SessionEffect {
    if (payload[0] === Command.PING) return { kind: 'none' };
    if (payload[0] === Command.INIT_DB) return { kind: 'settings', names: ['database'] };
    return payload[0] === Command.QUERY
      ? effectOf(payload.toString('utf8', 1), this.options.excludesSets)
      : { kind: 'pins' };
  }

  /** Returns the held connection, or borrows one. If that is refused, tells the client and returns `undefined`. */
  private async hold(command: Packet | undefined): Promise<Duplex | undefined> {
    if (this.held) return this.held;
    try {
      this.held = await this.options.lender.borrow(this.settingStatements);
      this.held.on('close', this.disconnectClient);
      return this.held;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.reply(command, error.payload);
      // The long command is still unread.
      if (command === undefined) await this.client.reader.skip();
      return undefined;
    }
  }

  /** The session's settings, in the order in which to repeat them. */
  private get settingStatements(): string[] {
    return this.settings.map(({ statement }) => statement);
  }

  /** Adds a setting, and drops earlier ones that it overrides. */
  private addSetting(setting: Setting): void {
    const isReplaced = (earlier: string): boolean => setting.names.some((name) => replaces(name, earlier));
    this.settings = [...this.settings.filter(({ names }) => !names.every(isReplaced)), setting];
  }

  private release(server: Duplex): void {
    server.off('close', this.disconnectClient);
    this.held = undefined;
    this.options.lender.giveBack(server, this.settingStatements);
  }

  /** Runs when the held connection closes. */
  private readonly disconnectClient = (): void => void this.client.stream.destroy();

  /** Ends the session's transaction and clears its settings. */
  private reset(command: Packet): boolean {
    this.held?.off('close', this.disconnectClient).destroy();
    this.held = undefined;
    this.settings = [];
    return this.reply(command, OK);
  }

  private reply(command: Packet | undefined, payload: Buffer): true {
    this.client.stream.write(frame((command?.sequence ?? 0) + 1, payload));
    return true;
  }

  /** Answers a command. After an error the transaction state is unknown, so the session keeps its connection. */
  private async answer(server: Duplex, command: Packet, effect: SessionEffect): Promise<void> {
    const payload = await this.options.translator.translate(command);
    const status = await forwardCommand(server, { ...command, payload }, this.client.stream);
    if (status === undefined) return;
    if (effect.kind === 'settings') this.addSetting({ names: effect.names, statement: statementOf(payload) });
    if (effect.kind !== 'holds' && (status & Status.IN_TRANSACTION) === 0) this.release(server);
  }
}

/** Returns the statement with the same effect as a client's command. */
function statementOf(payload: Buffer): string {
  const text = payload.toString('utf8', 1);
  return payload[0] === Command.INIT_DB ? `USE \`${text.replaceAll('`', '``')}\`` : text;
}
