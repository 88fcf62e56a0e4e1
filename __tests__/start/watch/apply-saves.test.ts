import { AlreadyShown } from '../../../start/cli/phases';
import { applySaves } from '../../../start/watch/apply-saves';

/** Applies saves that come one after the other, each with its own outcome; then Ctrl-C is pressed. @returns what is printed */
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

describe('saves that are applied', () => {
  it('are taken up one after the other', async () => {
    const applied: number[] = [];
    const lines = await printed(
      () => void applied.push(1),
      () => void applied.push(2),
    );
    expect(applied).toEqual([1, 2]);
    expect(lines).toEqual(['Saved: 2.ts', 'Saved: 1.ts']);
  });

  it('print why one cannot be applied, and go on with the next', async () => {
    const lines = await printed(fail(new Error('region must be known')), () => undefined);
    expect(lines).toEqual(['Saved: 2.ts', 'region must be known', GOES_ON, 'Saved: 1.ts']);
  });

  it('print once what a phase has shown already', async () => {
    expect(await printed(fail(new AlreadyShown()))).toEqual(['Saved: 1.ts', GOES_ON]);
  });

  it('end where Ctrl-C ends a change, which is no failure', async () => {
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
