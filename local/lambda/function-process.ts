import { fork, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { watchOver } from '../processes/watch-over';
import { environmentOf, LATEST, type Deployment, type Folders } from './deployment';
import type { FunctionError } from './invocation';

/** Part of the memory that the heap of JavaScript may take; the rest is for the engine itself. */
const HEAP_SHARE = 0.9;

/** What the runtime in the process answers: once when the code is loaded, then once for each event. */
export interface Answer {
  readonly payload?: unknown;
  readonly error?: FunctionError;
  /** The process ends itself after this answer. */
  readonly exiting?: boolean;
  /** Absent where the process did not get so far. */
  readonly maxMemoryKib?: number;
}

/** The process of a function. It can be frozen, but on Windows, which has no signal for it. */
export class FunctionProcess {
  private readonly child: ChildProcess;
  /** All that it wrote has come, too. */
  private readonly closed: Promise<unknown>;

  /** @param output takes what the process writes */
  constructor(deployment: Deployment, folders: Folders, output: (text: string) => void) {
    const { arn, place, memoryMib } = deployment;
    this.child = fork(join(__dirname, 'runtime.mjs'), [JSON.stringify({ task: folders.task, arn, place })], {
      cwd: folders.task,
      env: environmentOf(deployment, folders, logStreamName()),
      execArgv: [`--max-old-space-size=${Math.floor(memoryMib * HEAP_SHARE)}`],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: true,
    });
    // A frozen process cannot notice that nobody is there any more.
    watchOver(this.child);
    this.closed = once(this.child, 'close');
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8').on('data', output);
    }
  }

  get isAlive(): boolean {
    return this.end === undefined;
  }

  /** How it ended, if it has. */
  get end(): { status: number | null; signal: NodeJS.Signals | null } | undefined {
    const { exitCode: status, signalCode: signal } = this.child;
    return status === null && signal === null ? undefined : { status, signal };
  }

  send(message: object): void {
    // Who waits for the answer is told of a process that is gone.
    this.child.send(message, () => undefined);
  }

  /** Its next answer; `undefined` where it ended without one. */
  async answer(): Promise<Answer | undefined> {
    let take: (answer: Answer) => void = () => undefined;
    const message = new Promise<Answer>((resolve) => (take = resolve));
    this.child.once('message', take);
    const answer = await Promise.race([message, this.closed.then(() => undefined)]);
    this.child.off('message', take);
    if (answer?.exiting === true) await this.closed;
    return answer;
  }

  /** Waits until `isIn` finds what it looks for in the output, or until there will be no more. */
  async wrote(isIn: () => boolean): Promise<void> {
    while (this.isAlive && !isIn()) await Promise.race([once(this.child.stdout ?? this.child, 'data'), this.closed]);
  }

  freeze(): void {
    if (process.platform !== 'win32') this.child.kill('SIGSTOP');
  }

  thaw(): void {
    if (process.platform !== 'win32') this.child.kill('SIGCONT');
  }

  /** Ends it at once, frozen or not. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.closed;
  }
}

/** As Lambda names them: a day, and a number for the container. */
function logStreamName(): string {
  const day = new Date().toISOString().slice(0, 10).replaceAll('-', '/');
  return `${day}/[${LATEST}]${randomUUID().replaceAll('-', '')}`;
}
