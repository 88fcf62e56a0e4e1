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

  /** Id of a process that it has started, by a word of its command line. */
  child(word: string): number {
    const ids = this.processes().join(',');
    const lines = execFileSync('ps', ['-o', 'pid=,args=', '-p', ids], { encoding: 'utf8' }).split('\n');
    return Number.parseInt(lines.find((line) => line.includes(word)) ?? '', 10);
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

const alive = (pids: readonly number[]): number[] => running().flatMap(({ pid }) => (pids.includes(pid) ? [pid] : []));

/** Waits until none of the processes is left, or until it is clear that some will stay. @returns those */
async function left(pids: readonly number[]): Promise<number[]> {
  for (let tenths = 0; tenths < 300 && alive(pids).length > 0; tenths += 1) await sleep(100);
  return alive(pids);
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
  it.each(['--help', '-h'])('prints its usage with %s', async (option) => {
    const start = new NpmStart(option);
    expect(await start.status()).toBe(0);
    expect(start.output).toMatch(/^npm start \[-- OPTIONS\].*--environment NAME {3}one of environments\//s);
  });

  it('refuses an option that it does not know, and prints its usage', async () => {
    const start = new NpmStart('--enviroment', 'dev');
    expect(await start.status()).toBe(1);
    expect(start.output).toMatch(/^Unknown option '--enviroment'.*\n\nnpm start \[-- OPTIONS\]/s);
  });

  it('refuses an unknown environment, names the known ones and leaves nothing behind', async () => {
    const start = new NpmStart('--folder', folder, '--environment', 'nowhere');
    expect(await start.status()).toBe(1);
    expect(start.output).toMatch(/--environment must name one of \w.*, got nowhere\./);
    expect(readdirSync(folder)).toEqual(['made-by-npm-start']);
  });

  it('refuses a word that no option takes, and says what may have been meant', async () => {
    const start = new NpmStart('prod');
    expect(await start.status()).toBe(1);
    expect(start.output).toMatch(
      /^npm start takes no "prod"\. Write npm start -- --environment prod for an environment, npm start -- explain prod for a function or a database user\.\n\nnpm start \[-- OPTIONS\]/,
    );
  });

  it.each(['0', '255', '1.5', 'one'])('refuses the number %s', async (number) => {
    const start = new NpmStart('--number', number);
    expect(await start.status()).toBe(1);
    expect(start.output).toBe(`--number must be a whole number from 1 to 254, got ${number}.\n`);
  });

  it('refuses a number whose addresses are in use, before anything is applied', async () => {
    const other = createServer().listen(3306, '127.239.1.2');
    await once(other, 'listening');
    try {
      const start = new NpmStart('--folder', folder, '--number', '239');
      expect(await start.status()).toBe(1);
      expect(start.output).toContain(
        '--number 239 is in use. Leave it out to have a free one found. Port 3306 of 127.239.1.2 is in use.',
      );
      expect(start.output).not.toContain('Terraform');
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
    await first.told('Terraform applies');
    const processes = first.processes();
    // npm, Node.js, the reaper, moto, MariaDB.
    expect(processes.length).toBeGreaterThanOrEqual(5);

    const second = new NpmStart('--folder', folder);
    expect(await second.status()).toBe(1);
    expect(second.output).toMatch(
      /^npm start already runs here, as process \d+\. End it with Ctrl-C or `kill \d+`, or start another one beside it: npm start -- --number 1$/m,
    );

    first.signal('SIGINT');
    await first.status();
    expect(first.output).toContain('Stopping');
    expect(await left(processes)).toEqual([]);
    expect(existsSync(join(folder, 'dev.pid'))).toBe(false);
  });

  it('stops everything when the control plane ends, after it has restarted a database that crashed', async () => {
    const start = new NpmStart('--folder', folder);
    await start.told('Terraform applies');
    const processes = start.processes();
    process.kill(start.child('mariadbd'), 'SIGKILL');
    await start.told('The database (MariaDB) ended: killed by SIGKILL. It runs again, with its data');
    process.kill(start.child('moto'), 'SIGKILL');
    expect(await start.status()).toBe(1);
    expect(start.output).toContain('The control plane (moto) ended: killed by SIGKILL.');
    expect(await left(processes)).toEqual([]);
  });

  it('runs twice side by side; each ends by itself: one that is killed, and one whose npm is killed', async () => {
    const starts = [new NpmStart('--folder', join(folder, 'a')), new NpmStart('--folder', join(folder, 'b'))] as const;
    for (const start of starts) await start.told('Terraform applies');
    const [first, second] = starts.map((start) => start.processes());
    starts[0].signal('SIGKILL');
    expect(await left(first ?? [])).toEqual([]);
    // npm and Node.js; which others there are changes all the time.
    expect(alive(second ?? []).slice(0, 2)).toEqual((second ?? []).slice(0, 2));
    process.kill(second?.[0] ?? 0, 'SIGKILL');
    expect(await left(second ?? [])).toEqual([]);
  });
});
