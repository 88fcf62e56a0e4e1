import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

// These tests synthesise and start the control plane, on a machine that may be busy.
jest.setTimeout(180_000);

const ROOT = join(__dirname, '..', '..');

let folder: string;
const started: ChildProcess[] = [];

/** Runs `npm start` in its own process group, as a terminal does. */
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

  /** Waits for its end. @returns exit status */
  async status(): Promise<number | null> {
    await this.ended;
    return this.process.exitCode;
  }

  /** Waits for words in its output. */
  async printed(words: string): Promise<void> {
    while (!this.output.includes(words)) {
      if (this.process.exitCode !== null) throw new Error(`It ended without '${words}':\n${this.output}`);
      await sleep(50);
    }
  }

  /** Sends a signal to the group, as Ctrl-C in a terminal does. */
  signal(name: NodeJS.Signals): void {
    process.kill(-(this.process.pid ?? 0), name);
  }

  /** Id of a process that it started, by a word in its command line. */
  child(word: string): number {
    const ids = this.processes().join(',');
    const lines = execFileSync('ps', ['-o', 'pid=,args=', '-p', ids], { encoding: 'utf8' }).split('\n');
    return Number.parseInt(lines.find((line) => line.includes(word)) ?? '', 10);
  }

  /** Ids of its process and all descendants, its own first. */
  processes(): number[] {
    const all = [this.process.pid ?? 0];
    for (const parent of all) all.push(...running().flatMap(({ pid, ppid }) => (ppid === parent ? [pid] : [])));
    return all;
  }
}

/** All processes of this machine except zombies. */
function running(): { pid: number; ppid: number }[] {
  return execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , stat = '']) => !stat.startsWith('Z'))
    .map(([pid, ppid]) => ({ pid: Number(pid), ppid: Number(ppid) }));
}

const alive = (pids: readonly number[]): number[] => running().flatMap(({ pid }) => (pids.includes(pid) ? [pid] : []));

/** Waits up to 30 s for these processes to end. @returns those that still run */
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

  it('rejects an unknown option and prints its usage', async () => {
    const start = new NpmStart('--enviroment', 'dev');
    expect(await start.status()).toBe(1);
    expect(start.output).toMatch(/^Unknown option '--enviroment'.*\n\nnpm start \[-- OPTIONS\]/s);
  });

  it('rejects an unknown environment, lists the known ones and leaves no process behind', async () => {
    const start = new NpmStart('--folder', folder, '--environment', 'nowhere');
    expect(await start.status()).toBe(1);
    expect(start.output).toMatch(/--environment must name one of \w.*, got nowhere\./);
    expect(readdirSync(folder)).toEqual(['made-by-npm-start']);
  });

  it('rejects a word without an option and suggests what it could mean', async () => {
    const start = new NpmStart('prod');
    expect(await start.status()).toBe(1);
    expect(start.output).toMatch(
      /^npm start does not accept "prod"\. Write npm start -- --environment prod for an environment, npm start -- explain prod for a function or a database user\.\n\nnpm start \[-- OPTIONS\]/,
    );
  });

  it.each(['0', '255', '1.5', 'one'])('rejects the number %s', async (number) => {
    const start = new NpmStart('--number', number);
    expect(await start.status()).toBe(1);
    expect(start.output).toBe(`--number must be a whole number from 1 to 254, got ${number}.\n`);
  });

  it('rejects a number whose addresses are in use, before Terraform applies anything', async () => {
    const other = createServer().listen(3306, '127.239.1.2');
    await once(other, 'listening');
    try {
      const start = new NpmStart('--folder', folder, '--number', '239');
      expect(await start.status()).toBe(1);
      expect(start.output).toContain(
        '--number 239 is in use. Leave --number out to get a free one. Port 3306 of 127.239.1.2 is in use.',
      );
      expect(start.output).not.toContain('Terraform');
    } finally {
      other.close();
    }
  });

  it('does not touch a folder that holds other files', async () => {
    writeFileSync(join(folder, 'thesis'), '');
    const start = new NpmStart('--folder', folder);
    expect(await start.status()).toBe(1);
    expect(start.output).toMatch(/^--folder must be empty or a folder that npm start used before, got /m);
    expect(readdirSync(folder)).toEqual(['thesis']);
  });

  it('runs once per folder, and Ctrl-C leaves no process behind', async () => {
    const first = new NpmStart('--folder', folder);
    await first.printed('Terraform applies');
    const processes = first.processes();
    // npm, Node.js, the reaper, moto, MariaDB.
    expect(processes.length).toBeGreaterThanOrEqual(5);

    const second = new NpmStart('--folder', folder);
    expect(await second.status()).toBe(1);
    expect(second.output).toMatch(
      /^npm start already runs here, as process \d+\. End it with Ctrl-C or `kill \d+`, or start another deployment: npm start -- --number N, with a new N$/m,
    );

    first.signal('SIGINT');
    await first.status();
    expect(first.output).toContain('Stopping');
    expect(await left(processes)).toEqual([]);
    expect(existsSync(join(folder, 'dev.pid'))).toBe(false);
  });

  it('restarts a crashed database, and stops everything when the control plane ends', async () => {
    const start = new NpmStart('--folder', folder);
    await start.printed('Terraform applies');
    const processes = start.processes();
    process.kill(start.child('mariadbd'), 'SIGKILL');
    await start.printed('The database (MariaDB) ended: killed by SIGKILL. It runs again, with its data');
    process.kill(start.child('moto'), 'SIGKILL');
    expect(await start.status()).toBe(1);
    expect(start.output).toContain('The control plane (moto) ended: killed by SIGKILL.');
    expect(await left(processes)).toEqual([]);
  });

  it('runs twice side by side, and each ends alone when it or its npm is killed', async () => {
    const starts = [new NpmStart('--folder', join(folder, 'a')), new NpmStart('--folder', join(folder, 'b'))] as const;
    for (const start of starts) await start.printed('Terraform applies');
    const [first, second] = starts.map((start) => start.processes());
    starts[0].signal('SIGKILL');
    expect(await left(first ?? [])).toEqual([]);
    // Only npm and Node.js run throughout; other processes come and go.
    expect(alive((second ?? []).slice(0, 2))).toHaveLength(2);
    process.kill(second?.[0] ?? 0, 'SIGKILL');
    expect(await left(second ?? [])).toEqual([]);
  });
});
