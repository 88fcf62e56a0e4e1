import { setImmediate as nextTurn } from 'node:timers/promises';
import { AlreadyShown } from '../../../start/cli/phases';
import { applySaves } from '../../../start/watch/apply-saves';
import { consoleForEachTest } from '../../support/console-output';

const KEEPS_RUNNING = 'The deployment keeps running with what has been applied so far. Save a file to try again.';

const output = consoleForEachTest();

/** Calls `change` for a save of main.ts, then for one of dev.ts. Then `next` returns `undefined`, which ends `applySaves`. */
function applyTwoSaves(change: () => Promise<void>, signal = new AbortController().signal): Promise<void> {
  const saves = [['main.ts'], ['dev.ts']];
  return applySaves({ saves: { next: () => Promise.resolve(saves.shift()) }, signal, apply: change });
}

describe('applying saves', () => {
  it('waits for each change before it takes the next save', async () => {
    const linesAfterChange: number[] = [];
    await applyTwoSaves(async () => {
      await nextTurn();
      linesAfterChange.push(output().lines.length);
    });
    expect(linesAfterChange).toEqual([1, 2]);
    expect(output().lines).toEqual(['\nSaved: main.ts', '\nSaved: dev.ts']);
  });

  it('prints the reason of a failed change, and continues with the next save', async () => {
    await applyTwoSaves(jest.fn().mockRejectedValueOnce(new Error('region must be known')));
    expect(output().lines).toEqual(['\nSaved: main.ts', 'region must be known', KEEPS_RUNNING, '\nSaved: dev.ts']);
  });

  it('prints no error that a phase has already shown', async () => {
    await applyTwoSaves(jest.fn().mockRejectedValueOnce(new AlreadyShown()));
    expect(output().lines).toEqual(['\nSaved: main.ts', KEEPS_RUNNING, '\nSaved: dev.ts']);
  });

  it('ends without a failure if Ctrl-C interrupts a change', async () => {
    const stop = new AbortController();
    const change = jest.fn(() => {
      stop.abort();
      return Promise.reject(new Error('Stopped by a signal, or because npm ended.'));
    });
    await applyTwoSaves(change, stop.signal);
    expect(change).toHaveBeenCalledTimes(1);
    expect(output().lines).toEqual(['\nSaved: main.ts']);
  });
});
