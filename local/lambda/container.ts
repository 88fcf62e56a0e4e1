import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { watchOverContainer } from '../processes/watch-over';
import { environmentOf, LATEST, unpack, type DeployedFunction } from './deployment';
import type { RuntimeResponse, FunctionProcess } from './function-process';
import { errorIfTooLarge, exitError, reportLine, type FunctionError, type Invocation } from './invocation';
import { Runtimes } from './runtimes';

/** Characters that remain of a log after a cut. A log is cut when it exceeds twice this number. */
const KEPT_LOG_CHARACTERS = 4 * 2 ** 20;

/** Lambda's timeout for loading the code, whatever the function's own timeout is. */
const INIT_SECONDS = 10;

/**
 * One execution environment of a function: a separate process, with the files of the function's zip and layers. Its environment
 * variables are the deployed ones and Lambda's; it inherits none. Between events the process is frozen, as in Lambda: due timers and
 * received data wait for the next event. The function's memory size limits the heap, but not the share of the CPU.
 */
export class Container {
  private log = '';
  private initError: FunctionError | undefined;
  private initMs: number | undefined;
  /** Ends processes that the function started and that left its process group. */
  private endStrays: (() => void) | undefined;

  /**
   * Empties the folder, unpacks the function into it, and loads its code. If the code does not load, each invocation returns the
   * error.
   *
   * @param write receives each piece of the log immediately. @default - the log is only in the result of `invoke`
   * @param runtimes supplies the process
   */
  static async start(
    deployment: DeployedFunction,
    folder: string,
    write: (text: string) => void = () => undefined,
    runtimes = new Runtimes(),
  ): Promise<Container> {
    await rm(folder, { recursive: true, force: true });
    const folders = await unpack(deployment, folder);
    const environment = environmentOf(deployment, folders, logStreamName());
    const container = new Container(deployment, folder, write, runtimes.take(deployment, environment));
    await container.load(folders.task, environment);
    return container;
  }

  private constructor(
    private readonly deployment: DeployedFunction,
    private readonly folder: string,
    private readonly write: (text: string) => void,
    private readonly process: FunctionProcess,
  ) {}

  /** Whether the container can handle another event. */
  get isAlive(): boolean {
    return this.process.isAlive && this.initError === undefined;
  }

  /** Handles one event. The caller sends one event at a time, as Lambda does. */
  async invoke(event: unknown): Promise<Invocation> {
    const { timeoutSeconds, memoryMib } = this.deployment;
    const id = randomUUID();
    this.note(`START RequestId: ${id} Version: ${LATEST}\n`);
    const start = performance.now();
    const response = this.initError ? { error: this.initError } : await this.handle(id, event, timeoutSeconds);
    const durationMs = performance.now() - start;
    const maxMemoryMib = Math.ceil((response.maxMemoryKib ?? 0) / 1024);
    const report = reportLine(id, { durationMs, initMs: this.initMs, memoryMib, maxMemoryMib });
    this.note(`END RequestId: ${id}\n${report}`);
    this.initMs = undefined;
    return this.invocationOf(response);
  }

  /** Ends all processes of the container and deletes its files. */
  async stop(): Promise<void> {
    await this.process.kill();
    this.endStrays?.();
    await rm(this.folder, { recursive: true, force: true });
  }

  private async load(task: string, environment: NodeJS.ProcessEnv): Promise<void> {
    const { arn, attachment } = this.deployment;
    this.endStrays = watchOverContainer(this.folder);
    const start = performance.now();
    this.process.load({ task, arn, attachment, environment }, (text) => this.note(text));
    this.initError = (await this.answerWithin(randomUUID(), INIT_SECONDS)).error;
    this.initMs = performance.now() - start;
    this.process.freeze();
  }

  private async handle(id: string, event: unknown, seconds: number): Promise<RuntimeResponse> {
    this.process.thaw();
    this.process.send({ id, event, deadline: Date.now() + seconds * 1000 });
    const response = await this.answerWithin(id, seconds);
    this.process.freeze();
    return response;
  }

  /** Returns the answer, or the error of a process that crashed or timed out; a timeout kills the process. */
  private async answerWithin(id: string, seconds: number): Promise<RuntimeResponse> {
    const timeout = { isOver: false };
    const timer = setTimeout(() => {
      timeout.isOver = true;
      void this.process.kill();
    }, seconds * 1000);
    const response = await this.process.answer();
    clearTimeout(timer);
    return response ?? { error: timeout.isOver ? this.timeoutError(id, seconds) : this.crashError(id) };
  }

  private timeoutError(id: string, seconds: number): FunctionError {
    const message = `Task timed out after ${seconds.toFixed(2)} seconds`;
    this.note(`${new Date().toISOString()} ${id} ${message}\n\n`);
    return { errorType: 'Sandbox.Timedout', errorMessage: `RequestId: ${id} Error: ${message}` };
  }

  private crashError(id: string): FunctionError {
    const error = exitError(id, this.process.end);
    this.note(`${error.errorMessage}\n${error.errorType}\n`);
    return error;
  }

  private note(text: string): void {
    this.log += text;
    if (this.log.length > 2 * KEPT_LOG_CHARACTERS) this.log = this.log.slice(-KEPT_LOG_CHARACTERS);
    this.write(text);
  }

  private invocationOf(response: RuntimeResponse): Invocation {
    const { payload = 'null' } = response;
    const { error = errorIfTooLarge(payload) } = response;
    const { log } = this;
    this.log = '';
    return error ? { payload: JSON.stringify(error), functionError: 'Unhandled', log } : { payload, log };
  }
}

/** Makes a log stream name as Lambda does: the date, the function's version and a random id. */
function logStreamName(): string {
  const day = new Date().toISOString().slice(0, 10).replaceAll('-', '/');
  return `${day}/[${LATEST}]${randomUUID().replaceAll('-', '')}`;
}
