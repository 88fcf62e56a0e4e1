import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

jest.setTimeout(60_000);

/**
 * Starts the programs in its arguments for 60 seconds each, watches over them, prints their process ids, and keeps running.
 * The argument `stray` starts a process with the environment of a container, but in another process group. The parent's reaper (see
 * {@link reaperOf}) finds this process by its environment.
 */
const PARENT_SOURCE = `
  const { spawn } = require('node:child_process');
  const { watchOver, watchOverContainer } = require('./local/processes/watch-over');
  watchOverContainer('/container');
  const start = (program) => {
    if (program === 'stray') {
      const env = { ...process.env, LAMBDA_TASK_ROOT: '/container/task' };
      return spawn('setsid', ['sleep', '60'], { stdio: 'ignore', env }).pid;
    }
    const child = spawn(program, ['60'], { stdio: 'ignore', detached: true });
    child.on('error', () => undefined);
    watchOver(child);
    return child.pid;
  };
  console.log(JSON.stringify(process.argv.slice(1).map(start)));
  setInterval(() => undefined, 1_000);
`;

const parents: ChildProcess[] = [];

afterAll(() => parents.forEach((parent) => parent.kill('SIGKILL')));

/** Starts a parent of these programs. The first of them must run. */
async function startParent(...programs: string[]): Promise<{ parent: ChildProcess; children: number[] }> {
  const parent = spawn(process.execPath, ['--import', 'tsx', '-e', PARENT_SOURCE, ...programs], {
    cwd: join(__dirname, '..', '..', '..'),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  parents.push(parent);
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  const children = JSON.parse(line.toString()) as number[];
  // The tests wait until the first program has ended, so it must have started.
  expect(existsSync(`/proc/${children[0] ?? 'none'}`)).toBe(true);
  return { parent, children };
}

/**
 * Waits for the reaper of a process: the child that kills the watched programs if the process dies.
 *
 * @param known reapers to ignore
 * @returns the process id of the reaper
 */
async function reaperOf({ pid }: ChildProcess, ...known: number[]): Promise<number> {
  for (;;) {
    const reaper = readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name) && !known.includes(Number(name)))
      .find((name) => parentIdOf(name) === pid && read(`/proc/${name}/cmdline`).includes('reaper.mjs'));
    if (reaper !== undefined) return Number(reaper);
    await sleep(20);
  }
}

const parentIdOf = (pid: string): number => Number(read(`/proc/${pid}/stat`).split(') ')[1]?.split(' ')[1]);

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** Waits until a process has ended, up to the time limit of the test. */
async function untilGone(pid: number | undefined): Promise<void> {
  while (existsSync(`/proc/${pid ?? 0}`)) await sleep(20);
}

(process.platform === 'linux' ? describe : describe.skip)('a watched child', () => {
  it('ends when its parent is killed, even if another program of the parent failed to start', async () => {
    const { parent, children } = await startParent('sleep', '/nowhere/sleep');
    await reaperOf(parent);
    parent.kill('SIGKILL');
    await untilGone(children[0]);
  });

  it('ends when its parent is killed, even after leaving the process group of its container', async () => {
    const { parent, children } = await startParent('stray');
    await reaperOf(parent);
    parent.kill('SIGKILL');
    await untilGone(children[0]);
  });

  it('ends when its parent is killed, even after its first reaper was killed, because another replaces it', async () => {
    const { parent, children } = await startParent('sleep');
    const first = await reaperOf(parent);
    process.kill(first, 'SIGKILL');
    await reaperOf(parent, first);
    expect(parent.exitCode).toBeNull();
    parent.kill('SIGKILL');
    await untilGone(children[0]);
  });
});
