import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { watchOverContainer } from '../processes/watch-over';
import { environmentOf, LATEST, unpack, type Deployment } from './deployment';
import type { Answer, FunctionProcess } from './function-process';
import { exited, reportLine, timedOut, tooLarge, type FunctionError, type Invocation } from './invocation';
import { Runtimes } from './runtimes';

/** Characters at the end of an invocation's log that its caller can have; the file has all. */
const KEPT_LOG = 4 * 2 ** 20;

/** Lambda gives the loading of the code so long, whatever the function's timeout is. */
const INIT_SECONDS = 10;

/**
 * One running copy of a function: a process of its own with the files of its zip and its layers, and with nothing in
 * its environment but what the deployment put there. It is frozen whenever it has nothing to answer, so that timers and
 * connections stand still as with Lambda. Its heap is limited as its memory is; its share of the CPU is not.
 */
export class Container {
  private log = '';
  private initError: FunctionError | undefined;
  private initMs: number | undefined;
  private endStrays: (() => void) | undefined;

  /**
   * Unpacks the function into a folder, which it has for itself, and loads its code. Code that does not load fails
   * the first invocation.
   *
   * @param write takes the log as it comes. @default - only the invocations tell it
   * @param runtimes gives it its process
   */
  static async start(
    deployment: Deployment,
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
    private readonly deployment: Deployment,
    private readonly folder: string,
    private readonly write: (text: string) => void,
    private readonly process: FunctionProcess,
  ) {}

  /** Whether it can take another event. */
  get isAlive(): boolean {
    return this.process.isAlive && this.initError === undefined;
  }

  /** Handles one event. Events come one at a time, as with Lambda; who sends them sees to it. */
  async invoke(event: unknown): Promise<Invocation> {
    const { timeoutSeconds, memoryMib } = this.deployment;
    const id = randomUUID();
    this.note(`START RequestId: ${id} Version: ${LATEST}\n`);
    const start = performance.now();
    const answer = this.initError ? { error: this.initError } : await this.handle(id, event, timeoutSeconds);
    const durationMs = performance.now() - start;
    const maxMemoryMib = Math.ceil((answer.maxMemoryKib ?? 0) / 1024);
    const report = reportLine(id, { durationMs, initMs: this.initMs, memoryMib, maxMemoryMib });
    this.note(`END RequestId: ${id}\n${report}`);
    this.initMs = undefined;
    return this.invocationOf(answer);
  }

  /** Ends the process, and takes its files away. */
  async stop(): Promise<void> {
    await this.process.kill();
    this.endStrays?.();
    await rm(this.folder, { recursive: true, force: true });
  }

  private async load(task: string, environment: NodeJS.ProcessEnv): Promise<void> {
    const { arn, place } = this.deployment;
    this.endStrays = watchOverContainer(this.folder);
    const start = performance.now();
    this.process.load({ task, arn, place, environment }, (text) => this.note(text));
    this.initError = (await this.answerWithin(randomUUID(), INIT_SECONDS)).error;
    this.initMs = performance.now() - start;
    this.process.freeze();
  }

  private async handle(id: string, event: unknown, seconds: number): Promise<Answer> {
    this.process.thaw();
    this.process.send({ id, event, deadline: Date.now() + seconds * 1000 });
    const answer = await this.answerWithin(id, seconds);
    this.process.freeze();
    return answer;
  }

  /** The answer, or what became of the process instead. A process that owes an answer is of no use any more. */
  private async answerWithin(id: string, seconds: number): Promise<Answer> {
    const timeout = { isOver: false };
    const timer = setTimeout(() => {
      timeout.isOver = true;
      void this.process.kill();
    }, seconds * 1000);
    const answer = await this.process.answer();
    clearTimeout(timer);
    return answer ?? { error: timeout.isOver ? this.late(id, seconds) : this.crashed(id) };
  }

  private late(id: string, seconds: number): FunctionError {
    this.note(`${new Date().toISOString()} ${id} Task timed out after ${seconds.toFixed(2)} seconds\n\n`);
    return timedOut(id, seconds);
  }

  private crashed(id: string): FunctionError {
    const error = exited(id, this.process.end);
    this.note(`${error.errorMessage}\n${error.errorType}\n`);
    return error;
  }

  private note(text: string): void {
    this.log += text;
    if (this.log.length > 2 * KEPT_LOG) this.log = this.log.slice(-KEPT_LOG);
    this.write(text);
  }

  private invocationOf({ payload = 'null', error = tooLarge(payload) }: Answer): Invocation {
    const { log } = this;
    this.log = '';
    return error ? { payload: JSON.stringify(error), functionError: 'Unhandled', log } : { payload, log };
  }
}

/** As Lambda names them: a day, and a number for the container. */
function logStreamName(): string {
  const day = new Date().toISOString().slice(0, 10).replaceAll('-', '/');
  return `${day}/[${LATEST}]${randomUUID().replaceAll('-', '')}`;
}
