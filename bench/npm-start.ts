import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { memoryKib, processesBelow } from './processes';

const ROOT = join(__dirname, '..');

/** On the last lines of the screen, when everything runs. */
const READY = /^Open in a browser: (\S+)$/m;

/** `npm start` as a person has it, from its first moment until Ctrl-C. */
export class NpmStart {
  /** @returns it, and how many seconds it took until it was ready. @throws Error with what it told where it ends before. */
  static async ready(folder: string): Promise<{ readonly running: NpmStart; readonly seconds: number }> {
    const started = performance.now();
    const child = spawn('npm', ['start', '--', '--folder', folder], { cwd: ROOT, detached: true });
    const running = new NpmStart(child);
    running.endWithThis();
    await new Promise<void>((resolve, reject) => {
      const read = (text: string): void => {
        running.told += text;
        if (READY.test(running.told)) resolve();
      };
      child.stdout.setEncoding('utf8').on('data', read);
      child.stderr.setEncoding('utf8').on('data', read);
      child.once('close', () => reject(new Error(`npm start ended before it was ready:\n${running.told}`)));
    });
    return { running, seconds: (performance.now() - started) / 1000 };
  }

  /** All that it has printed. */
  private told = '';

  private constructor(private readonly child: ChildProcess) {}

  /** Of CloudFront, as its screen says. */
  get httpsPort(): number {
    return Number(/https:\/\/localhost:(\d+)/.exec(this.told)?.[1]);
  }

  /** Memory of it and of all that it has started, MiB; what processes share is counted once. */
  memoryMib(): number {
    return processesBelow(this.child.pid ?? 0).reduce((sum, pid) => sum + memoryKib(pid), 0) / 1024;
  }

  /** Ends it as Ctrl-C in a terminal does. */
  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const ended = once(this.child, 'close');
    this.interrupt();
    await ended;
  }

  /** It has a group of its own, which Ctrl-C does not reach. */
  private endWithThis(): void {
    const interrupt = (): void => this.interrupt();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, interrupt);
      this.child.once('close', () => process.off(signal, interrupt));
    }
  }

  private interrupt(): void {
    process.kill(-(this.child.pid ?? 0), 'SIGINT');
  }
}
