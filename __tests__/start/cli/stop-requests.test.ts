import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { join } from 'node:path';

const MODULE = join(__dirname, '..', '..', '..', 'start', 'cli', 'stop-requests.ts');

/** Runs a stand-in for npm start: it works until a stop is requested, then prints `stopped`. @param code runs while it works */
function runWith(code: string): SpawnSyncReturns<string> {
  const program = `
    const { StopRequests } = require(${JSON.stringify(MODULE)});
    const work = setInterval(() => undefined, 1_000);
    new StopRequests().requested.then(() => {
      clearInterval(work);
      console.log('stopped');
    });
    ${code}`;
  const args = ['--import', 'tsx', '--eval', program];
  return spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 20_000 });
}

describe('an uncaught error of npm start', () => {
  it.each([
    ['a thrown error', "setTimeout(() => { throw new Error('out of the blue'); });"],
    ['a rejected promise', "void Promise.reject(new Error('out of the blue'));"],
  ])('stops everything with status 1 and prints the reason: %s', (_what, code) => {
    const { status, stdout, stderr } = runWith(code);
    expect({ status, stdout }).toEqual({ status: 1, stdout: 'stopped\n' });
    expect(stderr).toMatch(/npm start has a fault and stops:\nError: out of the blue\n +at /);
  });

  it('is printed, and sets status 1, even if a stop is under way', () => {
    const code =
      "process.on('SIGTERM', () => { throw new Error('out of the blue'); }); process.kill(process.pid, 'SIGTERM');";
    const { status, stdout, stderr } = runWith(code);
    expect({ status, stdout }).toEqual({ status: 1, stdout: 'stopped\n' });
    expect(stderr.match(/npm start has a fault and stops:\nError: out of the blue/g)).toHaveLength(1);
  });
});

it('npm start ends with status 0 after SIGTERM', () => {
  expect(runWith("setTimeout(() => process.kill(process.pid, 'SIGTERM'), 50);")).toMatchObject({
    status: 0,
    stdout: 'stopped\n',
  });
});
