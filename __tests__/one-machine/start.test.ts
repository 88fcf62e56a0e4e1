import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

// These tests run `npm start`, which synthesises a stack and starts the control plane. The machine may be busy.
jest.setTimeout(180_000);

const ROOT = join(__dirname, '..', '..');

let folder: string;
const started: ChildProcess[] = [];

/** Runs `npm start` in its own process group, as a terminal does. */
class NpmStart {
  output = '';
  private readonly process: ChildProcess;
  private readonly ended: Promise<unknown[]>;

  constructor(...options: string[]) {
    this.process = spawn('npm', ['start', '--silent', '--', ...options], { cwd: ROOT, detached: true });
    started.push(this.process);
    this.ended = once(this.process, 'close');
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    }
  }

  /** Waits until npm ends. @returns the exit status of npm */
  async exitStatus(): Promise<number | null> {
    await this.ended;
    return this.process.exitCode;
  }

  /** Waits until the output contains a text. */
  async printed(text: string): Promise<void> {
    while (!this.output.includes(text)) {
      if (this.process.exitCode !== null || this.process.signalCode !== null)
        throw new Error(`npm start ended before it printed '${text}':\n${this.output}`);
      await sleep(50);
    }
  }

  /** Sends a signal to the process group, as a terminal does for Ctrl-C. */
  signal(name: NodeJS.Signals): void {
    const { pid } = this.process;
    if (pid !== undefined) process.kill(-pid, name);
  }

  /** Returns the id of a descendant of npm. @param word in the command line of the descendant */
  descendant(word: string): number {
    const ids = this.processIds().join(',');
    const lines = execFileSync('ps', ['-o', 'pid=,args=', '-p', ids], { encoding: 'utf8' }).split('\n');
    return Number.parseInt(lines.find((line) => line.includes(word)) ?? '', 10);
  }

  /** Returns the id of npm and those of all its descendants. The id of npm comes first. */
  processIds(): number[] {
    const ids = [this.process.pid ?? 0];
    for (const parent of ids)
      ids.push(...runningProcesses().flatMap(({ pid, ppid }) => (ppid === parent ? [pid] : [])));
    return ids;
  }
}

/** Runs `npm start`, which must fail. @returns its output */
async function failedOutput(...options: string[]): Promise<string> {
  const start = new NpmStart(...options);
  expect(await start.exitStatus()).toBe(1);
  return start.output;
}

/** Lists all processes of this machine except zombies. */
function runningProcesses(): { pid: number; ppid: number }[] {
  return execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , stat = '']) => !stat.startsWith('Z'))
    .map(([pid, ppid]) => ({ pid: Number(pid), ppid: Number(ppid) }));
}

const stillRunning = (ids: readonly number[]): number[] =>
  runningProcesses().flatMap(({ pid }) => (ids.includes(pid) ? [pid] : []));

/** Waits up to 30 s for processes to end. @returns those that still run */
async function stillRunningAfterWait(ids: readonly number[]): Promise<number[]> {
  const deadline = Date.now() + 30_000;
  while (stillRunning(ids).length > 0 && Date.now() < deadline) await sleep(100);
  return stillRunning(ids);
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
    expect(await start.exitStatus()).toBe(0);
    expect(start.output).toMatch(/^npm start \[-- OPTIONS\].*--environment NAME {3}one of environments\//s);
  });

  it.each<[what: string, options: string[], output: RegExp]>([
    [
      'an unknown option and prints the usage of npm start',
      ['--enviroment', 'dev'],
      /^Unknown option '--enviroment'.*\n\nnpm start \[-- OPTIONS\]/s,
    ],
    [
      'a word without an option and suggests what it could mean',
      ['prod'],
      /^npm start does not accept "prod"\. Write `npm start -- --environment prod` for an environment, or `npm start -- explain prod` for a function or a database user\.\n\nnpm start \[-- OPTIONS\]/,
    ],
    [
      '"explain" after an option',
      ['--environment', 'prod', 'explain', 'func2'],
      /^Write "explain" first: npm start -- explain NAME \[--environment NAME\]\.\n$/,
    ],
    [
      'a number that is out of range',
      ['--number', '255'],
      /^--number must be a whole number from 1 to 254, got 255\.\n$/,
    ],
  ])('rejects %s', async (_what, options, output) => {
    expect(await failedOutput(...options)).toMatch(output);
  });

  it('rejects an unknown environment, lists the known ones and leaves only the file made-by-npm-start in the folder', async () => {
    const output = await failedOutput('--folder', folder, '--environment', 'nowhere');
    expect(output).toMatch(/--environment must name one of \w.*, got nowhere\./);
    expect(readdirSync(folder)).toEqual(['made-by-npm-start']);
  });

  it('rejects a number whose addresses are in use, before it runs Terraform', async () => {
    const occupier = createServer().listen(3306, '127.239.1.2');
    await once(occupier, 'listening');
    try {
      const output = await failedOutput('--folder', folder, '--number', '239');
      expect(output).toContain(
        '--number 239 is in use. Leave --number out to get a free one. Port 3306 of 127.239.1.2 is in use.',
      );
      expect(output).not.toContain('Terraform');
    } finally {
      occupier.close();
    }
  });

  it('rejects a folder with files of another program, and leaves it as it is', async () => {
    writeFileSync(join(folder, 'thesis'), '');
    expect(await failedOutput('--folder', folder)).toMatch(
      /^--folder must name an empty folder or one that npm start used before, got /m,
    );
    expect(readdirSync(folder)).toEqual(['thesis']);
  });

  it('refuses to start a deployment that already runs, and Ctrl-C leaves no process behind', async () => {
    const first = new NpmStart('--folder', folder);
    await first.printed('Terraform applies');
    const ids = first.processIds();
    // npm, Node.js, the process that kills the others if Node.js dies, moto, MariaDB.
    expect(ids.length).toBeGreaterThanOrEqual(5);

    expect(await failedOutput('--folder', folder)).toMatch(
      /^npm start already uses the folder \S+, as process \d+\. End it with Ctrl-C or `kill \d+`, or start another deployment: npm start -- --number N, with a new N$/m,
    );

    first.signal('SIGINT');
    await first.exitStatus();
    expect(first.output).toContain('Stopping');
    expect(await stillRunningAfterWait(ids)).toEqual([]);
    expect(existsSync(join(folder, 'dev.pid'))).toBe(false);
  });

  it('restarts a crashed database, and stops everything when the control plane ends', async () => {
    const start = new NpmStart('--folder', folder);
    await start.printed('Terraform applies');
    const ids = start.processIds();
    process.kill(start.descendant('mariadbd'), 'SIGKILL');
    await start.printed('The database (MariaDB) ended: killed by SIGKILL. It runs again, with its data');
    process.kill(start.descendant('moto'), 'SIGKILL');
    expect(await start.exitStatus()).toBe(1);
    expect(start.output).toContain('The control plane (moto) ended: killed by SIGKILL.');
    expect(await stillRunningAfterWait(ids)).toEqual([]);
  });

  it('runs twice side by side; a killed run leaves no process behind, and the other run continues', async () => {
    const first = new NpmStart('--folder', join(folder, 'a'));
    const second = new NpmStart('--folder', join(folder, 'b'));
    for (const start of [first, second]) await start.printed('Terraform applies');
    const [firstIds, secondIds] = [first.processIds(), second.processIds()];
    first.signal('SIGKILL');
    expect(await stillRunningAfterWait(firstIds)).toEqual([]);
    // npm and Node.js, the first two, run throughout. Terraform's processes come and go.
    const [npm = 0, node = 0] = secondIds;
    expect(stillRunning([npm, node])).toHaveLength(2);
    process.kill(npm, 'SIGKILL');
    expect(await stillRunningAfterWait(secondIds)).toEqual([]);
  });
});
