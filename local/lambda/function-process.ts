import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Attachment } from '../network/network';
import { watchOver } from '../processes/watch-over';
import { Channel } from './channel';
import type { FunctionError } from './invocation';

/** Share of the memory for the JavaScript heap; the engine uses the rest. */
const HEAP_SHARE = 0.9;

/** Time from `freeze` to SIGSTOP for the process group. An event that arrives earlier prevents the signal. */
const GRACE_MS = 50;

/** How long to wait for the output of an ended process if another process still holds that output open. */
const OUTPUT_WAIT_MS = 100;

/** First message to a runtime: the function to load. */
export interface LoadMessage {
  /** Folder of the unpacked code, in place of Lambda's `/var/task`. */
  readonly task: string;
  readonly arn: string;
  readonly attachment: Attachment;
  readonly environment: NodeJS.ProcessEnv;
}

/** Response of the runtime: one after loading the code, then one for each event. */
export interface RuntimeResponse {
  /** JSON. */
  readonly payload?: string;
  readonly error?: FunctionError;
  /** The process ends itself after this response. */
  readonly exiting?: boolean;
  /** Absent after loading the code, and with `exiting`. */
  readonly maxMemoryKib?: number;
}

/** A function's process group: the runtime and the processes that the function starts in this group. They freeze and end together. */
export class FunctionProcess {
  private readonly child: ChildProcess;
  private readonly channel: Channel;
  /** Resolves when the process has ended and its output is read or closed. */
  private readonly ended: Promise<void>;
  private freezing: NodeJS.Timeout | undefined;
  private isFrozen = false;
  /** Whether all processes of the group were killed. */
  private isGone = false;

  /** Starts a runtime without a function. */
  constructor(memoryMib: number, environment: NodeJS.ProcessEnv) {
    const heap = `--max-old-space-size=${Math.floor(memoryMib * HEAP_SHARE)}`;
    this.child = spawn(process.execPath, [heap, join(__dirname, 'runtime.mjs')], {
      cwd: '/',
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      detached: true,
    });
    // A frozen process cannot notice that its parent died.
    watchOver(this.child);
    const channel = (this.channel = new Channel(this.child.stdio[3] as Duplex));
    this.ended = new Promise<void>((resolve) => {
      this.child.once('close', () => resolve()).once('error', () => resolve());
      this.child.once('exit', () => void this.cleanUp().then(resolve));
    });
    void this.ended.then(() => channel.close());
  }

  /**
   * Makes the runtime load a function. The first answer reports the result.
   *
   * @param output takes what the process prints
   */
  load(message: LoadMessage, output: (text: string) => void): void {
    for (const stream of [this.child.stdout, this.child.stderr]) stream?.setEncoding('utf8').on('data', output);
    this.send(message);
  }

  get isAlive(): boolean {
    return this.end === undefined;
  }

  /** Exit status and signal, if the process has ended. */
  get end(): { status: number | null; signal: NodeJS.Signals | null } | undefined {
    const { exitCode: status, signalCode: signal } = this.child;
    return status === null && signal === null ? undefined : { status, signal };
  }

  send(message: object): void {
    this.channel.send(JSON.stringify(message));
  }

  /** Waits for the next answer and all output before it. Returns `undefined` if the process ends without an answer. */
  async answer(): Promise<RuntimeResponse | undefined> {
    const message = await this.channel.next();
    if (message === undefined) return undefined;
    const response = { payload: message.payload, ...(message.head as RuntimeResponse) };
    if (response.exiting === true) await this.ended;
    // The runtime has flushed its output, so the parent process reads all of it by the end of this turn of the event loop.
    else await new Promise(setImmediate);
    return response;
  }

  /**
   * Freezes the process group. The runtime reads its next event synchronously, so JavaScript already stands still. SIGSTOP
   * follows only if no event comes soon, because stopping and continuing the group costs 0.14 ms for each event.
   *
   * https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
   */
  freeze(): void {
    if (!this.isAlive) return;
    this.freezing = setTimeout(() => {
      this.isFrozen = true;
      this.signal('SIGSTOP');
    }, GRACE_MS).unref();
  }

  thaw(): void {
    clearTimeout(this.freezing);
    if (this.isFrozen) this.signal('SIGCONT');
    this.isFrozen = false;
  }

  /** Kills the process group, frozen or not. */
  async kill(): Promise<void> {
    clearTimeout(this.freezing);
    this.signal('SIGKILL');
    await this.ended;
  }

  /** Kills the rest of the group after the runtime's exit. Then closes the output, which a process outside the group may hold open. */
  private async cleanUp(): Promise<void> {
    this.signal('SIGKILL');
    this.isGone = true;
    await sleep(OUTPUT_WAIT_MS);
    for (const stream of this.child.stdio) stream?.destroy();
  }

  private signal(signal: NodeJS.Signals): void {
    // The operating system may have given the id of an ended group to another group.
    if (this.child.pid === undefined || this.isGone) return;
    try {
      process.kill(-this.child.pid, signal);
    } catch {
      // The group has no process left.
    }
  }
}
