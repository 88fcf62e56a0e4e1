import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { exitOf, howItEnded } from '../../processes/server-exit';

const run = (code: string) => spawn(process.execPath, ['-e', code], { stdio: 'ignore' });

describe('the end of a server process', () => {
  it('has its exit status', async () => {
    const exit = await exitOf(run('process.exit(3)'), () => false);
    expect(exit).toEqual({ code: 3, signal: null, isStopped: false });
    expect(howItEnded(exit)).toBe('exit status 3');
  });

  it('has the signal that killed it', async () => {
    const server = run('setInterval(() => undefined, 1000)');
    const exited = exitOf(server, () => false);
    server.kill('SIGKILL');
    expect(howItEnded(await exited)).toBe('killed by SIGKILL');
  });

  it('says whether this program stopped it, as known at the end', async () => {
    let isStopped = false;
    const server = run('setInterval(() => undefined, 1000)');
    const exited = exitOf(server, () => isStopped);
    isStopped = true;
    server.kill('SIGTERM');
    expect(await exited).toEqual({ code: null, signal: 'SIGTERM', isStopped: true });
  });

  it('is known afterwards, too', async () => {
    const server = run('process.exit(3)');
    await once(server, 'exit');
    expect(await exitOf(server, () => false)).toMatchObject({ code: 3 });
  });
});
