import { isRead } from '../http/aws-call';
import { exchange, type WholeResponse, type WholeRequest } from '../http/exchange';
import { Journal } from './journal';

/** A journal of the requests that change moto. */
export interface JournalFile {
  readonly path: string;
  /** True if `replay` restored moto from the journal: new requests are appended. False if moto is empty: the file is overwritten. */
  readonly replayed: boolean;
}

/** Marks a request that is expected only to read. */
const READS = 'x-reads';
/** Marks the answer to such a request if `moto_server.py` found that nothing changed. */
const UNCHANGED = 'x-unchanged';

/**
 * Passes the requests of all clients to moto, one at a time, so that a replay can repeat their order. Records those that may
 * change moto.
 */
export class MotoLink {
  private lastTurn: Promise<unknown> = Promise.resolve();

  /** @param socket moto's Unix socket */
  static async open(socket: string, { path, replayed }: JournalFile): Promise<MotoLink> {
    return new MotoLink(socket, replayed ? Journal.reopen(path) : await Journal.open(path, socket));
  }

  private constructor(
    private readonly socket: string,
    private journal: Journal | undefined,
  ) {}

  pass(request: WholeRequest): Promise<WholeResponse> {
    return this.inTurn(() => this.passAndRecord(request));
  }

  /** Closes the journal after pending requests. */
  async close(): Promise<void> {
    await this.lastTurn;
    this.journal?.close();
    this.journal = undefined;
  }

  private async passAndRecord(request: WholeRequest): Promise<WholeResponse> {
    const marked = { ...request, headers: { ...request.headers, [READS]: 'true' } };
    const response = await exchange(this.socket, isRead(request) ? marked : request);
    const { [UNCHANGED]: unchanged, ...headers } = response.headers;
    if (unchanged === undefined) this.journal?.append(request, response);
    return { ...response, headers };
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.lastTurn.then(work);
    this.lastTurn = turn.catch(() => undefined);
    return turn;
  }
}
