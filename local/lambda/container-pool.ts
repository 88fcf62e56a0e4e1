import type { Container } from './container';
import type { Invocation } from './invocation';

/** The part of a container that a pool uses. */
export type Pooled = Pick<Container, 'invoke' | 'isAlive' | 'stop'>;

/** Keeps the containers of one function. Each event gets an idle container, or a new one if none is idle. */
export class ContainerPool {
  private readonly idle: { readonly container: Pooled; readonly timer: NodeJS.Timeout }[] = [];
  private readonly busy = new Set<Promise<unknown>>();
  private isClosed = false;

  /**
   * @param start starts a container
   * @param idleMs a container is ended after this idle time
   */
  constructor(
    private readonly start: () => Promise<Pooled>,
    private readonly idleMs: number,
  ) {}

  /** Handles one event in the idle container that answered last. Starts a new container if none is idle. */
  async invoke(event: unknown): Promise<Invocation> {
    const work = this.handle(event);
    this.busy.add(work);
    return work.finally(() => this.busy.delete(work));
  }

  /** Ends idle containers now, and busy ones after their answer. */
  async stop(): Promise<void> {
    this.isClosed = true;
    const idle = this.idle.splice(0);
    for (const { timer } of idle) clearTimeout(timer);
    await Promise.all([...idle.map(({ container }) => container.stop()), ...this.busy].map(withoutError));
  }

  private async handle(event: unknown): Promise<Invocation> {
    const container = this.take() ?? (await this.start());
    try {
      return await container.invoke(event);
    } finally {
      if (container.isAlive && !this.isClosed) this.put(container);
      else await container.stop();
    }
  }

  /** Takes the idle container that answered last. Stops and skips containers whose process has ended. */
  private take(): Pooled | undefined {
    for (let last = this.idle.pop(); last; last = this.idle.pop()) {
      clearTimeout(last.timer);
      if (last.container.isAlive) return last.container;
      void withoutError(last.container.stop());
    }
    return undefined;
  }

  private put(container: Pooled): void {
    const timer = setTimeout(() => {
      this.idle.splice(this.idle.indexOf(idle), 1);
      void withoutError(container.stop());
    }, this.idleMs);
    const idle = { container, timer: timer.unref() };
    this.idle.push(idle);
  }
}

/** Ignores an error, so that it does not end this process, and so that `stop` also waits for the other containers. */
const withoutError = (work: Promise<unknown>): Promise<unknown> => work.catch(() => undefined);
