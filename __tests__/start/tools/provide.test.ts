import { ask } from '../../../start/cli/ask';
import { provide } from '../../../start/tools/provide';
import type { Tool } from '../../../start/tools/tool';

jest.mock('../../../start/cli/ask');

let here: Set<string>;
let printed: string[];

beforeEach(() => {
  here = new Set();
  printed = [];
  jest.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line));
});

afterEach(() => jest.restoreAllMocks());

/** A tool whose installation works, fails or is unknown. */
function tool(name: string, installs: 'works' | 'fails' | 'unknown'): Tool {
  return {
    name,
    find: () => {
      if (here.has(name)) return `${name} 1.0`;
      throw new Error(`${name} is missing. Install it.`);
    },
    ...(installs !== 'unknown' && {
      installation: () => ({
        command: `get ${name}`,
        megabytes: 12,
        run: () => {
          if (installs === 'works') here.add(name);
        },
      }),
    }),
  };
}

describe('tools', () => {
  it('are found without output if they are installed', async () => {
    here.add('one');
    expect(await provide([tool('one', 'works')], { yes: false })).toEqual([{ name: 'one', found: 'one 1.0' }]);
    expect(printed).toEqual([]);
  });

  it('that are missing are listed with size and command, and installed', async () => {
    here.add('one');
    const found = await provide([tool('one', 'works'), tool('two', 'works')], { yes: true });
    expect(found.map(({ name }) => name)).toEqual(['one', 'two']);
    expect(printed).toEqual(['Missing on this machine:\n  two  about  12 MB  get two']);
  });

  it.each([
    [true, ['one']],
    [false, []],
  ])('are installed only with consent: %s', async (answer, installed) => {
    jest.mocked(ask).mockResolvedValue(answer);
    const provided = provide([tool('one', 'works')], { yes: false });
    if (answer) await provided;
    else
      await expect(provided).rejects.toThrow(
        'Nothing was installed. Install the missing tools yourself, then run this again.',
      );
    expect([...here]).toEqual(installed);
  });

  it('that need manual installation are reported before anything is installed', async () => {
    await expect(provide([tool('one', 'works'), tool('two', 'unknown')], { yes: true })).rejects.toThrow(
      'two is missing. Install it.',
    );
    expect([here.size, printed]).toEqual([0, []]);
  });

  it('whose installation fails are reported together', async () => {
    await expect(provide([tool('one', 'fails'), tool('two', 'fails')], { yes: true })).rejects.toThrow(
      'one is missing. Install it.\n\ntwo is missing. Install it.',
    );
  });
});
