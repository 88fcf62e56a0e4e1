import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..');

/** Stands at the end of the screen, when everything runs. */
const READY = 'Ctrl-C stops everything.';

/** `npm start` as a person has it, from its first moment until Ctrl-C. */
export class NpmStart {
  /** @returns it, and how many seconds it took until it was ready. @throws Error with what it told where it ends before. */
  static async ready(folder: string): Promise<{ readonly running: NpmStart; readonly seconds: number }> {
    const started = performance.now();
    const process = spawn('npm', ['start', '--', '--folder', folder], { cwd: ROOT, detached: true });
    let told = '';
    await new Promise<void>((resolve, reject) => {
      const read = (text: string): void => {
        told += text;
        if (told.includes(READY)) resolve();
      };
      process.stdout.setEncoding('utf8').on('data', read);
      process.stderr.setEncoding('utf8').on('data', read);
      process.once('close', () => reject(new Error(`npm start ended before it was ready:\n${told}`)));
    });
    return { running: new NpmStart(process), seconds: (performance.now() - started) / 1000 };
  }

  private constructor(private readonly process: ChildProcess) {}

  /** Memory of it and of all that it has started, MiB; what processes share is counted once. */
  memoryMib(): number {
    const kib = this.processes().reduce((sum, pid) => sum + proportionalKib(pid), 0);
    return kib / 1024;
  }

  /** Ends it as Ctrl-C in a terminal does. */
  async stop(): Promise<void> {
    const ended = once(this.process, 'close');
    process.kill(-(this.process.pid ?? 0), 'SIGINT');
    await ended;
  }

  private processes(): number[] {
    const all = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/).map(Number));
    const found = [this.process.pid ?? 0];
    for (const parent of found) found.push(...all.flatMap(([pid = 0, ppid]) => (ppid === parent ? [pid] : [])));
    return found;
  }
}

/** https://www.kernel.org/doc/html/latest/filesystems/proc.html: Pss, KiB; 0 for what has ended meanwhile. */
function proportionalKib(pid: number): number {
  try {
    return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
