import { AlreadyShown } from '../../../start/cli/phases';
import { applySaves } from '../../../start/watch/apply-saves';

/** Applies consecutive saves, each with its own outcome, and then presses Ctrl-C. @returns the output */
async function printed(...changes: (() => void)[]): Promise<string[]> {
  const stop = new AbortController();
  const lines: string[] = [];
  const print = (line: string): void => void lines.push(line.trim());
  const spies = [jest.spyOn(console, 'log'), jest.spyOn(console, 'error')].map((spy) => spy.mockImplementation(print));
  const left = [...changes];
  await applySaves({
    saves: { next: () => Promise.resolve(left.length > 0 ? [`${left.length}.ts`] : undefined) },
    signal: stop.signal,
    change: () => Promise.resolve().then(left.shift()),
  });
  for (const spy of spies) spy.mockRestore();
  return lines;
}

const fail = (error: Error) => (): never => {
  throw error;
};

const GOES_ON = 'The deployment keeps running as applied. Save a file to try again.';

describe('saves', () => {
  it('are applied one after the other', async () => {
    const applied: number[] = [];
    const lines = await printed(
      () => void applied.push(1),
      () => void applied.push(2),
    );
    expect(applied).toEqual([1, 2]);
    expect(lines).toEqual(['Saved: 2.ts', 'Saved: 1.ts']);
  });

  it('print the reason of a failed apply, and continue with the next save', async () => {
    const lines = await printed(fail(new Error('region must be known')), () => undefined);
    expect(lines).toEqual(['Saved: 2.ts', 'region must be known', GOES_ON, 'Saved: 1.ts']);
  });

  it('print an error only once if a phase has shown it', async () => {
    expect(await printed(fail(new AlreadyShown()))).toEqual(['Saved: 1.ts', GOES_ON]);
  });

  it('end without a failure if Ctrl-C interrupts a change', async () => {
    const stop = new AbortController();
    const print = jest.spyOn(console, 'log').mockImplementation(() => undefined);
    const change = jest.fn(() => {
      stop.abort();
      return Promise.reject(new Error('Stopped before everything ran.'));
    });
    await applySaves({ saves: { next: () => Promise.resolve(['dev.ts']) }, signal: stop.signal, change });
    expect(change).toHaveBeenCalledTimes(1);
    expect(print.mock.calls).toEqual([['\nSaved: dev.ts']]);
    print.mockRestore();
  });
});
