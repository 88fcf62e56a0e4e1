import { AlreadyShown, runPhases, type Phase } from '../../../start/cli/phases';

let printed: string[];
let errors: string[];

beforeEach(() => {
  [printed, errors] = [[], []];
  jest.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line));
  jest.spyOn(console, 'error').mockImplementation((line: string) => void errors.push(line));
});

afterEach(() => void jest.restoreAllMocks());

const phase = (title: string, work: Phase['work'] = () => Promise.resolve()): Phase => ({ title, work });

/** Runs phases as in a script: without a terminal. */
const run = (
  phases: readonly Phase[],
  { verbose = false, signal = new AbortController().signal } = {},
): Promise<void> => runPhases(phases, { verbose, signal });

/** The titles without the seconds in front. */
const titles = (): string[] => printed.map((line) => line.replace(/^ *\d+ s {2}/, ''));

/** Work that shows what it does. */
const shows =
  (line: string): Phase['work'] =>
  (show) => {
    show(line);
    return Promise.resolve();
  };

describe('phases without a terminal', () => {
  it('run one after the other, each with a line', async () => {
    const order: string[] = [];
    const work = (name: string) => () => Promise.resolve(void order.push(name));
    await run([phase('First', work('first')), phase('Second', work('second'))]);
    expect(titles()).toEqual(['First', 'Second']);
    expect(order).toEqual(['first', 'second']);
  });

  it('are skipped for a reason, which is decided when their turn comes', async () => {
    let done = false;
    const first = phase('First', () => Promise.resolve(void (done = true)));
    const second = {
      ...phase('Second', () => Promise.reject(new Error('ran'))),
      skip: () => done && 'nothing changed',
    };
    await run([first, second]);
    expect(titles()).toEqual(['First', 'Second: nothing changed']);
  });

  it.each([
    [false, ['Only']],
    [true, ['Only', 'half done']],
  ])('show their activity only if it is wanted: %s', async (verbose, lines) => {
    await run([phase('Only', shows('half done'))], { verbose });
    expect(titles()).toEqual(lines);
  });

  it('end with the first that fails, whose error is shown', async () => {
    const failing = run([phase('First', () => Promise.reject(new Error('no space left'))), phase('Second')]);
    await expect(failing).rejects.toThrow(AlreadyShown);
    expect([titles(), errors]).toEqual([['First'], ['no space left']]);
  });
});

describe('a stop', () => {
  it('starts no further phase', async () => {
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

  it('is the reason of a phase that fails because of it', async () => {
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
