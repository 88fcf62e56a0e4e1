import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

// It synthesises, and starts the control plane, on a machine that may be busy.
jest.setTimeout(180_000);

const ROOT = join(__dirname, '..', '..');

let folder: string;
const started: ChildProcess[] = [];

/** `npm start`, in a process group of its own as a terminal gives it. */
class NpmStart {
  output = '';
  private readonly process: ChildProcess;
  private readonly ended: Promise<unknown[]>;

  constructor(...words: string[]) {
    this.process = spawn('npm', ['start', '--silent', '--', ...words], { cwd: ROOT, detached: true });
    started.push(this.process);
    this.ended = once(this.process, 'close');
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    }
  }

  /** Runs to its end. @returns exit status */
  async status(): Promise<number | null> {
    await this.ended;
    return this.process.exitCode;
  }

  /** Waits until it has told something. */
  async told(words: string): Promise<void> {
    while (!this.output.includes(words)) {
      if (this.process.exitCode !== null) throw new Error(`It ended without '${words}':\n${this.output}`);
      await sleep(50);
    }
  }

  /** Sends a signal to the group, as Ctrl-C in a terminal does. */
  signal(name: NodeJS.Signals): void {
    process.kill(-(this.process.pid ?? 0), name);
  }

  /** What it runs by, and what it has started: ids of processes, its own first. */
  processes(): number[] {
    const all = [this.process.pid ?? 0];
    for (const parent of all) all.push(...running().flatMap(({ pid, ppid }) => (ppid === parent ? [pid] : [])));
    return all;
  }
}

/** Everything that runs on this machine; what has ended and only waits to be noticed does not. */
function running(): { pid: number; ppid: number }[] {
  return execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , stat = '']) => !stat.startsWith('Z'))
    .map(([pid, ppid]) => ({ pid: Number(pid), ppid: Number(ppid) }));
}

/** Waits until none of the processes is left, or until it is clear that some will stay. @returns those */
async function left(pids: readonly number[]): Promise<number[]> {
  const alive = () => running().flatMap(({ pid }) => (pids.includes(pid) ? [pid] : []));
  for (let tenths = 0; tenths < 300 && alive().length > 0; tenths += 1) await sleep(100);
  return alive();
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'npm-start-'));
});

afterEach(() => {
  for (const { pid, exitCode, signalCode } of started.splice(0)) {
    if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, 'SIGKILL');
  }
  rmSync(folder, { recursive: true, force: true });
});

describe('npm start', () => {
  it('tells how it is used', async () => {
    const start = new NpmStart('--help');
    expect(await start.status()).toBe(0);
    expect(start.output).toMatch(/^npm start \[-- --environment NAME\].*--environment NAME {3}one of environments\//s);
  });

  it('refuses an option that it does not know, and tells those that it does', async () => {
    const start = new NpmStart('--enviroment', 'dev');
    expect(await start.status()).toBe(1);
    expect(start.output).toMatch(/^Unknown option '--enviroment'.*\n\nnpm start \[--/s);
  });

  it('refuses an environment that there is not, and tells those that there are', async () => {
    const start = new NpmStart('--folder', folder, '--environment', 'nowhere');
    expect(await start.status()).toBe(1);
    expect(start.output).toMatch(/--environment must name one of \w.*, got nowhere\./);
  });

  it('tells of a port that is taken before it begins, and ends', async () => {
    const other = createServer().listen(8443, '127.0.0.1');
    await once(other, 'listening');
    try {
      const start = new NpmStart('--folder', folder);
      expect(await start.status()).toBe(1);
      expect(start.output).toContain(
        "Port 8443 of 127.0.0.1 is taken. `ss -ltnp 'sport = :8443'` tells by what; end it.",
      );
    } finally {
      other.close();
    }
  });

  it('touches no folder in which something else lies', async () => {
    writeFileSync(join(folder, 'thesis'), '');
    const start = new NpmStart('--folder', folder);
    expect(await start.status()).toBe(1);
    expect(start.output).toMatch(/^--folder must be empty, or one that npm start has used before, got /m);
    expect(readdirSync(folder)).toEqual(['thesis']);
  });

  it('runs once in a folder; Ctrl-C leaves nothing of it behind', async () => {
    const first = new NpmStart('--folder', folder);
    await first.told('[STARTED] Terraform');
    const processes = first.processes();
    // npm, its shell, tsx, Node.js, the reaper, moto, MariaDB.
    expect(processes.length).toBeGreaterThanOrEqual(6);

    const second = new NpmStart('--folder', folder);
    expect(await second.status()).toBe(1);
    expect(second.output).toMatch(
      /^npm start already runs here, as process \d+\. End it with Ctrl-C, or with `kill \d+`\.$/m,
    );

    first.signal('SIGINT');
    await first.status();
    expect(first.output).toContain('Stopping');
    expect(await left(processes)).toEqual([]);
    expect(existsSync(join(folder, 'pid'))).toBe(false);
  });

  it('takes along what it has started, also when it is killed', async () => {
    const start = new NpmStart('--folder', folder);
    await start.told('[STARTED] Terraform');
    const processes = start.processes();
    start.signal('SIGKILL');
    expect(await left(processes)).toEqual([]);
  });
});
