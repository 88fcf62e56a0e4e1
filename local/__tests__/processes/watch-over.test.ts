import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

jest.setTimeout(60_000);

/** Starts the given programs, prints their process ids, and keeps running. */
const PARENT = `
  const { spawn } = require('node:child_process');
  const { watchOver, watchOverContainer } = require('./local/processes/watch-over');
  watchOverContainer('/container');
  const start = (program) => {
    const words = program === 'stray' ? ['setsid', 'sleep', '60'] : [program, '60'];
    const env = { ...process.env, LAMBDA_TASK_ROOT: '/container/task' };
    const child = spawn(words[0], words.slice(1), { stdio: 'ignore', detached: program !== 'stray', env });
    child.on('error', () => undefined);
    if (program !== 'stray') watchOver(child);
    return child.pid;
  };
  console.log(JSON.stringify(process.argv.slice(1).map(start)));
  setInterval(() => undefined, 1_000);
`;

const parents: ChildProcess[] = [];

afterAll(() => parents.forEach((parent) => parent.kill('SIGKILL')));

async function parentOf(...programs: string[]): Promise<{ parent: ChildProcess; children: number[] }> {
  const parent = spawn(process.execPath, ['--import', 'tsx', '-e', PARENT, ...programs], {
    cwd: join(__dirname, '..', '..', '..'),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  parents.push(parent);
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  return { parent, children: JSON.parse(line.toString()) };
}

/** Id of the reaper that a process started, other than the known ones. */
async function reaperOf({ pid }: ChildProcess, ...known: number[]): Promise<number> {
  for (;;) {
    const found = readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name) && !known.includes(Number(name)))
      .find((name) => parentOfProcess(name) === pid && read(`/proc/${name}/cmdline`).includes('reaper.mjs'));
    if (found !== undefined) return Number(found);
    await sleep(20);
  }
}

const parentOfProcess = (pid: string): number => Number(read(`/proc/${pid}/stat`).split(') ')[1]?.split(' ')[1]);

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

async function untilGone(pid: number | undefined): Promise<void> {
  while (existsSync(`/proc/${pid ?? 0}`)) await sleep(20);
}

(process.platform === 'linux' ? describe : describe.skip)('a watched child', () => {
  it('ends with its parent, even if the parent is killed', async () => {
    const { parent, children } = await parentOf('sleep', '/nowhere/sleep');
    await reaperOf(parent);
    parent.kill('SIGKILL');
    await untilGone(children[0]);
  });

  it('ends with its parent, even if it left the function’s process group', async () => {
    const { parent, children } = await parentOf('stray');
    await reaperOf(parent);
    parent.kill('SIGKILL');
    await untilGone(children[0]);
  });

  it('ends with its parent, even if the first reaper was killed, because another replaces it', async () => {
    const { parent, children } = await parentOf('sleep');
    const first = await reaperOf(parent);
    process.kill(first, 'SIGKILL');
    await reaperOf(parent, first);
    expect(parent.exitCode).toBeNull();
    parent.kill('SIGKILL');
    await untilGone(children[0]);
  });
});
