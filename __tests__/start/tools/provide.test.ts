import { ask } from '../../../start/cli/ask';
import { provide } from '../../../start/tools/provide';
import type { Tool } from '../../../start/tools/tool';
import { consoleForEachTest } from '../../support/console-output';

jest.mock('../../../start/cli/ask');

const output = consoleForEachTest();

/** Names of the installed tools. */
const installed = new Set<string>();

beforeEach(() => installed.clear());

/** A tool whose installation works, fails, or must be done by a person. */
function tool(name: string, installation: 'works' | 'fails' | 'manual'): Tool {
  return {
    name,
    find: () => {
      if (installed.has(name)) return `${name} 1.0`;
      throw new Error(`${name} is missing. Install it.`);
    },
    ...(installation !== 'manual' && {
      installation: () => ({
        command: `get ${name}`,
        megabytes: 12,
        run: () => {
          if (installation === 'works') installed.add(name);
        },
      }),
    }),
  };
}

describe('the tools of npm start', () => {
  it('are found without output if they are installed', async () => {
    installed.add('one');
    expect(await provide([tool('one', 'works')], { yes: false })).toEqual([{ name: 'one', description: 'one 1.0' }]);
    expect(output().printed).toEqual([]);
  });

  it('that are missing are listed with size and command, and installed', async () => {
    installed.add('one');
    const found = await provide([tool('one', 'works'), tool('two', 'works')], { yes: true });
    expect(found.map(({ name }) => name)).toEqual(['one', 'two']);
    expect(output().printed).toEqual(['Missing on this machine:\n  two  about  12 MB  get two']);
  });

  it('are installed if the person agrees', async () => {
    jest.mocked(ask).mockResolvedValue(true);
    await provide([tool('one', 'works')], { yes: false });
    expect([...installed]).toEqual(['one']);
  });

  it('are not installed if the person declines', async () => {
    jest.mocked(ask).mockResolvedValue(false);
    await expect(provide([tool('one', 'works')], { yes: false })).rejects.toThrow(
      'Nothing was installed. Install the missing tools yourself, then run the command again.',
    );
    expect([...installed]).toEqual([]);
  });

  it('that need manual installation are reported, and nothing is installed', async () => {
    await expect(provide([tool('one', 'works'), tool('two', 'manual')], { yes: true })).rejects.toThrow(
      'two is missing. Install it.',
    );
    expect(installed.size).toBe(0);
    expect(output().printed).toEqual([]);
  });

  it('whose installation fails are reported together', async () => {
    await expect(provide([tool('one', 'fails'), tool('two', 'fails')], { yes: true })).rejects.toThrow(
      'one is missing. Install it.\n\ntwo is missing. Install it.',
    );
  });
});
