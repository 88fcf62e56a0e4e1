import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { exitOf, howItEnded } from '../../processes/server-exit';

/** Runs code in a new process of Node.js. */
const start = (code: string) => spawn(process.execPath, ['-e', code], { stdio: 'ignore' });

describe('the end of a server process', () => {
  it('is described by the exit status', async () => {
    const exit = await exitOf(start('process.exit(3)'), () => false);
    expect(exit).toEqual({ code: 3, signal: null, isStopped: false });
    expect(howItEnded(exit)).toBe('exit status 3');
  });

  it('is described by the signal that killed the process', async () => {
    const server = start('setInterval(() => undefined, 1000)');
    const exited = exitOf(server, () => false);
    server.kill('SIGKILL');
    expect(howItEnded(await exited)).toBe('killed by SIGKILL');
  });

  it('is marked as a stop if this program stops the process after the call of exitOf', async () => {
    let isStopped = false;
    const server = start('setInterval(() => undefined, 1000)');
    const exited = exitOf(server, () => isStopped);
    isStopped = true;
    server.kill('SIGTERM');
    expect(await exited).toEqual({ code: null, signal: 'SIGTERM', isStopped: true });
  });

  it('is known even if the process ended before the call of exitOf', async () => {
    const server = start('process.exit(3)');
    await once(server, 'exit');
    expect(await exitOf(server, () => false)).toMatchObject({ code: 3 });
  });
});
