import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpuMs, memoryKib, processTree } from '../../bench/processes';

/** Starts two sleeping children and prints their ids. */
const SCRIPT = 'sleep 60 & echo $!; sleep 60 & echo $!; wait';

/** The kernel counts user time and system time in ticks of this length. */
const TICK_MS = 10;

/** Returns the CPU time of this process. */
function ownCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

let shell: ChildProcess;
let pid: number;
let children: number[];

beforeEach(async () => {
  shell = spawn('sh', ['-c', SCRIPT], { detached: true });
  if (shell.pid === undefined) throw new Error('The shell did not start.');
  pid = shell.pid;
  let printed = '';
  shell.stdout?.setEncoding('utf8').on('data', (text: string) => (printed += text));
  while (printed.split('\n').length < 3) await once(shell.stdout as NodeJS.ReadableStream, 'data');
  children = printed.trim().split('\n').map(Number);
});

afterEach(async () => {
  if (shell.exitCode !== null || shell.signalCode !== null) return;
  process.kill(-pid, 'SIGKILL');
  await once(shell, 'exit');
});

describe('the process tree of a process', () => {
  it('contains the process and all its descendants', () => {
    expect(processTree(pid).sort()).toEqual([pid, ...children].sort());
    expect(processTree(process.pid)).toEqual(expect.arrayContaining(children));
  });

  it('can leave out one process with its descendants', () => {
    const [first = 0, second] = children;
    expect(processTree(pid, first)).toEqual([pid, second]);
    expect(processTree(process.pid, pid)).not.toEqual(expect.arrayContaining([second]));
  });
});

it('the CPU time of this process agrees with process.cpuUsage(), within two ticks', () => {
  const earliest = ownCpuMs();
  const measured = cpuMs(process.pid);
  expect(measured).toBeGreaterThanOrEqual(earliest - 2 * TICK_MS);
  expect(measured).toBeLessThanOrEqual(ownCpuMs() + 2 * TICK_MS);
});

describe('the memory and CPU time of a process', () => {
  it('are lower for a sleeping shell than for this process', () => {
    expect(memoryKib(process.pid)).toBeGreaterThan(memoryKib(pid));
    expect(memoryKib(pid)).toBeGreaterThan(0);
    expect(cpuMs(pid)).toBeLessThan(cpuMs(process.pid));
  });

  it('are 0 after its end', async () => {
    process.kill(-pid, 'SIGKILL');
    await once(shell, 'exit');
    expect([memoryKib(pid), cpuMs(pid)]).toEqual([0, 0]);
  });
});
