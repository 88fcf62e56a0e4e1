import { exchange, type WholeAnswer, type WholeRequest } from './exchange';
import { Journal } from './journal';

/** The one way to moto. While a journal is kept, requests pass one at a time: their order is what makes it repeatable. */
export class MotoLink {
  private last: Promise<unknown> = Promise.resolve();

  /**
   * @param socket of moto
   * @param file of the journal. @default - none is kept
   */
  static async open(socket: string, file?: string): Promise<MotoLink> {
    return new MotoLink(socket, file === undefined ? undefined : await Journal.open(file, socket));
  }

  private constructor(
    private readonly socket: string,
    private journal: Journal | undefined,
  ) {}

  pass(request: WholeRequest): Promise<WholeAnswer> {
    if (this.journal === undefined) return exchange(this.socket, request);
    return this.inTurn(() => this.record(request));
  }

  /** Ends the journal after what is under way. Later requests pass as they come and are not kept. */
  endJournal(): Promise<void> {
    return this.inTurn(() => {
      this.journal?.close();
      this.journal = undefined;
      return Promise.resolve();
    });
  }

  private async record(request: WholeRequest): Promise<WholeAnswer> {
    const answer = await exchange(this.socket, request);
    this.journal?.append(request, answer);
    return answer;
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.last.then(work);
    this.last = turn.catch(() => undefined);
    return turn;
  }
}
