import { BASE_ENVIRONMENT, type DeployedFunction } from './deployment';
import { FunctionProcess } from './function-process';

/** Delay before another runtime is started in advance. During the delay, the container that took the waiting runtime can use the CPU. */
const REPLACE_MS = 500;

/** Variables that Node.js, V8, libuv or libc read when the process starts. Setting most of them later has no effect. */
const STARTUP_VARIABLE = /^(NODE_|UV_|LD_|LC_|LANG$|TZ$|MALLOC_|GLIBC_|OPENSSL_|SSL_|ICU_)/;

/**
 * Runtimes that are started before a function needs them, one for each memory size, so that a cold start begins with
 * loading the function's code. A runtime serves one function only.
 */
export class Runtimes {
  private readonly waiting = new Map<number, FunctionProcess>();
  private readonly timers = new Set<NodeJS.Timeout>();

  /** Starts a runtime of this memory size, unless one is waiting. */
  prepare(memoryMib: number): void {
    if (this.waiting.get(memoryMib)?.isAlive !== true) {
      this.waiting.set(memoryMib, new FunctionProcess(memoryMib, BASE_ENVIRONMENT));
    }
  }

  /**
   * Returns a runtime for a function: a waiting one, or a new one if none is waiting or the function sets a variable that
   * is read only at the start.
   *
   * @param environment all environment variables of the process: those of Lambda and the function's own
   */
  take({ memoryMib, environment: ownVariables }: DeployedFunction, environment: NodeJS.ProcessEnv): FunctionProcess {
    const start = (): FunctionProcess => new FunctionProcess(memoryMib, environment);
    const waiting = this.waiting.get(memoryMib);
    if (waiting === undefined || Object.keys(ownVariables).some((name) => STARTUP_VARIABLE.test(name))) return start();
    this.waiting.delete(memoryMib);
    this.replace(memoryMib);
    return waiting.isAlive ? waiting : start();
  }

  async stop(): Promise<void> {
    for (const timer of this.timers) clearTimeout(timer);
    await Promise.all([...this.waiting.values()].map((runtime) => runtime.kill()));
    this.waiting.clear();
  }

  private replace(memoryMib: number): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      this.prepare(memoryMib);
    }, REPLACE_MS).unref();
    this.timers.add(timer);
  }
}
