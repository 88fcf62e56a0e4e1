import { PassThrough } from 'node:stream';
import { ask } from '../../../start/cli/ask';

const CTRL_D = '\u0004';

const askWith = (byDefault: boolean, signal?: AbortSignal): Promise<boolean> =>
  ask({ text: 'Install them?', byDefault, ...(signal && { signal }) });

/** Replaces input and output, by default with those of a terminal. Returns the input and what is shown. */
function replaceStreams({ isTTY = true } = {}): { input: PassThrough; shown: () => string } {
  const input = Object.assign(new PassThrough(), { isTTY });
  const output = Object.assign(new PassThrough(), { isTTY });
  jest.spyOn(process, 'stdin', 'get').mockReturnValue(input as never);
  jest.spyOn(process, 'stdout', 'get').mockReturnValue(output as never);
  return { input, shown: () => String(output.read()) };
}

afterEach(() => void jest.restoreAllMocks());

describe('a question', () => {
  it.each([
    ['y', true, true],
    ['YES', false, true],
    ['n', true, false],
    ['sure', false, false],
    ['', true, true],
    ['', false, false],
  ])('with the reply %j, where Enter means %s, has the answer %s', async (reply, byDefault, expected) => {
    const { input } = replaceStreams();
    const answered = askWith(byDefault);
    input.write(`${reply}\n`);
    expect(await answered).toBe(expected);
  });

  it.each([
    [true, '[Y/n]'],
    [false, '[y/N]'],
  ])('whose default is %s shows %s, with the default as a capital letter', async (byDefault, letters) => {
    const { input, shown } = replaceStreams();
    const answered = askWith(byDefault);
    input.write('y\n');
    await answered;
    expect(shown()).toContain(`Install them? ${letters} `);
  });

  it.each([true, false])('without a terminal is answered with its default, %s', async (byDefault) => {
    replaceStreams({ isTTY: false });
    expect(await askWith(byDefault)).toBe(byDefault);
  });

  it('has the answer false when its signal is aborted, even if Enter means true', async () => {
    replaceStreams();
    const stop = new AbortController();
    const answered = askWith(true, stop.signal);
    stop.abort();
    expect(await answered).toBe(false);
  });

  it('has the answer false after Ctrl-D, even if Enter means true', async () => {
    const { input } = replaceStreams();
    const answered = askWith(true);
    input.write(CTRL_D);
    expect(await answered).toBe(false);
  });

  it('has the answer false if its signal was already aborted, even if Enter means true', async () => {
    replaceStreams();
    expect(await askWith(true, AbortSignal.abort())).toBe(false);
  });
});
