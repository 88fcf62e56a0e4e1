import { setImmediate } from 'node:timers/promises';
import { AlreadyShown, runPhases, type Phase } from '../../../start/cli/phases';
import { consoleForEachTest } from '../../support/console-output';

const output = consoleForEachTest();

const phase = (title: string, work: Phase['work'] = () => Promise.resolve()): Phase => ({ title, work });

/** Runs phases without a terminal: `consoleForEachTest` replaces the standard output. */
const run = (
  phases: readonly Phase[],
  { verbose = false, signal = new AbortController().signal } = {},
): Promise<void> => runPhases(phases, { verbose, signal });

/** The printed lines, without the seconds in front of titles. */
const lines = (): string[] => output().printed.map((line) => line.replace(/^ *\d+ s {2}/, ''));

describe('phases without a terminal', () => {
  it('run one after the other, each with a line', async () => {
    const events: string[] = [];
    const work = (name: string) => async () => {
      events.push(`${name} starts`);
      await setImmediate();
      events.push(`${name} ends`);
    };
    await run([phase('First', work('first')), phase('Second', work('second'))]);
    expect(lines()).toEqual(['First', 'Second']);
    expect(events).toEqual(['first starts', 'first ends', 'second starts', 'second ends']);
  });

  it('are skipped if `skip` gives a reason, and print the reason', async () => {
    const work = () => Promise.reject(new Error('not skipped'));
    await run([
      { ...phase('First', work), skip: 'nothing changed' },
      { ...phase('Second'), skip: false },
    ]);
    expect(lines()).toEqual(['First: nothing changed', 'Second']);
  });

  it.each([
    [false, ['Only']],
    [true, ['Only', 'half done']],
  ])('show their activity only if verbose is true, here %s', async (verbose, expected) => {
    const work: Phase['work'] = (show) => {
      show('half done');
      return Promise.resolve();
    };
    await run([phase('Only', work)], { verbose });
    expect(lines()).toEqual(expected);
  });

  it('end with the first one that fails, and its error is printed', async () => {
    const failing = run([phase('First', () => Promise.reject(new Error('no space left'))), phase('Second')]);
    await expect(failing).rejects.toThrow(AlreadyShown);
    expect(lines()).toEqual(['First']);
    expect(output().errors).toEqual(['no space left']);
  });
});

describe('a stop of the phases', () => {
  it('prevents the start of the next phase', async () => {
    const stop = new AbortController();
    const work = jest.fn(() => Promise.resolve());
    const stopping = (): Promise<void> => {
      stop.abort(new Error('stopped'));
      return Promise.resolve();
    };
    const stopped = run([phase('First', stopping), phase('Second', work)], { signal: stop.signal });
    await expect(stopped).rejects.toMatchObject({ cause: new Error('stopped') });
    expect(work).not.toHaveBeenCalled();
  });

  it('is the cause of the error, even if the interrupted phase fails with another error', async () => {
    const stop = new AbortController();
    const work = (): Promise<void> => {
      stop.abort(new Error('stopped'));
      return Promise.reject(new Error('a killed process'));
    };
    await expect(run([phase('Only', work)], { signal: stop.signal })).rejects.toMatchObject({
      cause: new Error('stopped'),
    });
  });
});
