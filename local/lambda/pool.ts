import type { Container } from './container';
import type { Invocation } from './invocation';

/** What a pool needs of a container. */
export type Pooled = Pick<Container, 'invoke' | 'isAlive' | 'stop'>;

interface Idle {
  readonly container: Pooled;
  readonly timer: NodeJS.Timeout;
}

/** The containers of one function: as many as are needed at a time, reused while they are warm. */
export class Pool {
  private readonly idle: Idle[] = [];
  private readonly busy = new Set<Promise<unknown>>();
  private isClosed = false;

  /**
   * @param start makes a container
   * @param idleMs a container that nobody needed for so long is ended
   */
  constructor(
    private readonly start: () => Promise<Pooled>,
    private readonly idleMs: number,
  ) {}

  /** Handles one event in the container that was used last, or in a new one where all are busy. */
  async invoke(event: unknown): Promise<Invocation> {
    const work = this.work(event);
    this.busy.add(work);
    return work.finally(() => this.busy.delete(work));
  }

  /** Ends the containers, the busy ones when they have answered. */
  async stop(): Promise<void> {
    this.isClosed = true;
    await Promise.all([...this.idle.splice(0).map(({ container }) => container.stop()), ...this.busy].map(quiet));
  }

  private async work(event: unknown): Promise<Invocation> {
    const container = this.take() ?? (await this.start());
    try {
      return await container.invoke(event);
    } finally {
      if (container.isAlive && !this.isClosed) this.put(container);
      else await container.stop();
    }
  }

  /** The warmest container. One may have ended meanwhile. */
  private take(): Pooled | undefined {
    for (let last = this.idle.pop(); last; last = this.idle.pop()) {
      clearTimeout(last.timer);
      if (last.container.isAlive) return last.container;
      void quiet(last.container.stop());
    }
    return undefined;
  }

  private put(container: Pooled): void {
    const timer = setTimeout(() => {
      this.idle.splice(this.idle.indexOf(idle), 1);
      void quiet(container.stop());
    }, this.idleMs);
    const idle = { container, timer: timer.unref() };
    this.idle.push(idle);
  }
}

/** A container that does not end well is not the next caller's trouble. */
const quiet = (work: Promise<unknown>): Promise<unknown> => work.catch(() => undefined);
