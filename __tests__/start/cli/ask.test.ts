import { PassThrough } from 'node:stream';
import { ask } from '../../../start/cli/ask';

const QUESTION = { text: 'Install them?', withoutTerminal: false };

/** Replaces the terminal. Returns its input and what it shows. */
function inTerminal(isTTY = true): { input: PassThrough; shown: () => string } {
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
  ])('with the answer %j, where Enter means %s, is %s', async (answer, enter, expected) => {
    const { input } = inTerminal();
    const asked = ask({ ...QUESTION, enter });
    input.write(`${answer}\n`);
    expect(await asked).toBe(expected);
  });

  it.each([
    [true, '[Y/n]'],
    [false, '[y/N]'],
  ])('shows the answer of Enter as a capital letter: %s', async (enter, letters) => {
    const { input, shown } = inTerminal();
    const asked = ask({ ...QUESTION, enter });
    input.write('y\n');
    await asked;
    expect(shown()).toContain(`Install them? ${letters} `);
  });

  it.each([true, false])('without a terminal has the answer %s', async (withoutTerminal) => {
    inTerminal(false);
    expect(await ask({ ...QUESTION, enter: !withoutTerminal, withoutTerminal })).toBe(withoutTerminal);
  });

  it.each([true, false])('that is withdrawn is answered with no, also if Enter means %s', async (enter) => {
    inTerminal();
    const withdrawal = new AbortController();
    const asked = ask({ ...QUESTION, enter, signal: withdrawal.signal });
    withdrawal.abort();
    expect(await asked).toBe(false);
  });

  it.each([true, false])('is answered with no by Ctrl-D, also if Enter means %s', async (enter) => {
    const { input } = inTerminal();
    const asked = ask({ ...QUESTION, enter });
    input.write('\u0004');
    expect(await asked).toBe(false);
  });

  it('after its signal is answered with no', async () => {
    inTerminal();
    expect(await ask({ ...QUESTION, enter: true, signal: AbortSignal.abort() })).toBe(false);
  });
});
