import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { memoryKib, processTree } from './processes';

const ROOT = join(__dirname, '..');

/** Text on the last lines of the screen, once everything runs. */
const READY = /^Open in a browser: (\S+)$/m;

/** A run of `npm start`, until `stop` or Ctrl-C. */
export class NpmStart {
  /** Starts `npm start`, and measures the time until it is ready. @throws Error with its output if it ends before that. */
  static async untilReady(folder: string): Promise<{ readonly running: NpmStart; readonly seconds: number }> {
    const started = performance.now();
    const child = spawn('npm', ['start', '--', '--folder', folder], { cwd: ROOT, detached: true });
    const running = new NpmStart(child);
    running.forwardSignals();
    await new Promise<void>((resolve, reject) => {
      const read = (text: string): void => {
        running.output += text;
        if (READY.test(running.output)) resolve();
      };
      child.stdout.setEncoding('utf8').on('data', read);
      child.stderr.setEncoding('utf8').on('data', read);
      child.once('close', () => reject(new Error(`npm start ended before it was ready:\n${running.output}`)));
    });
    return { running, seconds: (performance.now() - started) / 1000 };
  }

  /** Output of `npm start` so far. */
  private output = '';

  private constructor(private readonly child: ChildProcess) {}

  /** Port of the local CloudFront, read from the output of `npm start`. */
  get httpsPort(): number {
    return Number(/https:\/\/localhost:(\d+)/.exec(this.output)?.[1]);
  }

  /** Memory of `npm start` and all processes below it, MiB. Shared memory counts once. */
  memoryMib(): number {
    return processTree(this.child.pid ?? 0).reduce((sum, pid) => sum + memoryKib(pid), 0) / 1024;
  }

  /** Ends `npm start` like Ctrl-C in a terminal. */
  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'close');
    this.interrupt();
    await ended;
  }

  /**
   * Passes Ctrl-C and SIGTERM to `npm start`, both as SIGINT. `npm start` has its own process group, so it gets no Ctrl-C from the
   * terminal.
   */
  private forwardSignals(): void {
    const interrupt = (): void => this.interrupt();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, interrupt);
      this.child.once('close', () => process.off(signal, interrupt));
    }
  }

  private interrupt(): void {
    const { pid } = this.child;
    if (pid !== undefined) process.kill(-pid, 'SIGINT');
  }
}
