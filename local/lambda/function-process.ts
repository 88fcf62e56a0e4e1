import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { watchOver } from '../processes/watch-over';
import { Channel } from './channel';
import { environmentOf, LATEST, type Deployment, type Folders } from './deployment';
import type { FunctionError } from './invocation';

/** Part of the memory that the heap of JavaScript may take; the rest is for the engine itself. */
const HEAP_SHARE = 0.9;

/** What is left to the other threads and the children of a process before they are stopped, if no event comes at once. */
const GRACE_MS = 50;

/** So long a process that has ended is waited for whose output somebody else holds open. */
const LAST_WORDS_MS = 100;

/** What the runtime in the process answers: once when the code is loaded, then once for each event. */
export interface Answer {
  /** JSON. */
  readonly payload?: string;
  readonly error?: FunctionError;
  /** The process ends itself after this answer. */
  readonly exiting?: boolean;
  /** Absent where the process did not get so far. */
  readonly maxMemoryKib?: number;
}

/** The process of a function, and what it starts itself: a group, which is frozen and ended together. */
export class FunctionProcess {
  private readonly child: ChildProcess;
  private readonly channel: Channel;
  /** All that it wrote has come, too. */
  private readonly ended: Promise<void>;
  private freezing: NodeJS.Timeout | undefined;
  private isStopped = false;

  /** @param output takes what the process writes */
  constructor(deployment: Deployment, folders: Folders, output: (text: string) => void) {
    const { arn, place, memoryMib } = deployment;
    const runtime = [join(__dirname, 'runtime.mjs'), JSON.stringify({ task: folders.task, arn, place })];
    this.child = spawn(process.execPath, [`--max-old-space-size=${Math.floor(memoryMib * HEAP_SHARE)}`, ...runtime], {
      cwd: folders.task,
      env: environmentOf(deployment, folders, logStreamName()),
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      detached: true,
    });
    // A frozen process cannot notice that nobody is there any more.
    watchOver(this.child);
    this.channel = new Channel(this.child.stdio[3] as Duplex);
    this.ended = new Promise<void>((resolve) => {
      this.child.once('close', () => resolve()).once('error', () => resolve());
      this.child.once('exit', () => void this.bury().then(resolve));
    });
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
    this.channel.send(JSON.stringify(message));
  }

  /** Its next answer, behind everything that it wrote before; `undefined` where it ended without one. */
  async answer(): Promise<Answer | undefined> {
    const message = await Promise.race([this.channel.next(), this.ended.then(() => undefined)]);
    if (message === undefined) return undefined;
    const answer = { payload: message.payload, ...(message.head as Answer) };
    // Its output was written before the answer, so it is read in the same turn of the event loop.
    if (answer.exiting === true) await this.ended;
    else await new Promise(setImmediate);
    return answer;
  }

  /**
   * JavaScript stands still already while the runtime waits for the next event; what else runs follows, if no event comes
   * at once: to stop and continue all threads of a process for each event costs more than most events.
   *
   * https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
   */
  freeze(): void {
    this.freezing = setTimeout(() => {
      this.isStopped = true;
      this.signal('SIGSTOP');
    }, GRACE_MS).unref();
  }

  thaw(): void {
    clearTimeout(this.freezing);
    if (this.isStopped) this.signal('SIGCONT');
    this.isStopped = false;
  }

  /** Ends it at once, frozen or not. */
  async kill(): Promise<void> {
    clearTimeout(this.freezing);
    this.signal('SIGKILL');
    await this.ended;
  }

  /** Ends what it has left behind. A process that has gone its own way may still hold the output open. */
  private async bury(): Promise<void> {
    this.signal('SIGKILL');
    await sleep(LAST_WORDS_MS);
    for (const stream of this.child.stdio) stream?.destroy();
  }

  private signal(signal: NodeJS.Signals): void {
    if (this.child.pid === undefined) return;
    try {
      process.kill(-this.child.pid, signal);
    } catch {
      // Nobody of the group is left.
    }
  }
}

/** As Lambda names them: a day, and a number for the container. */
function logStreamName(): string {
  const day = new Date().toISOString().slice(0, 10).replaceAll('-', '/');
  return `${day}/[${LATEST}]${randomUUID().replaceAll('-', '')}`;
}
