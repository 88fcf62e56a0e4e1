import { requestedStacks, stacksIn } from '../../modules/requested-stacks';

// For process 4711, `ps` returns the id of its parent, then its command line. For any other process `ps` returns nothing.
jest.mock('node:child_process', () => ({
  execFileSync: (_ps: string, options: readonly string[]) =>
    options.at(-1) === '4711' ? '1 node /app/node_modules/.bin/cdktf deploy dev' : '',
}));

afterEach(() => jest.restoreAllMocks());

describe('the names of the requested stacks', () => {
  it.each([
    ['node /app/node_modules/.bin/cdktf deploy nope --auto-approve', ['nope']],
    ['node /app/node_modules/.bin/cdktf deploy dev prod', ['dev', 'prod']],
    ['node /app/node_modules/.bin/cdktf synth nope', ['nope']],
    ['npm exec cdktf destroy nope', ['nope']],
  ])('are read from %s', (commandLine, names) => {
    expect(stacksIn(commandLine)).toEqual(names);
  });

  it.each([
    // A pattern is not a name: the CLI expands it.
    'node /app/node_modules/.bin/cdktf deploy d* --auto-approve',
    // A word after an option may be the value of that option, so no word after an option counts as a name.
    'node /app/node_modules/.bin/cdktf deploy --parallelism 1 dev',
    // The other command lines name no stack.
    'node /app/node_modules/.bin/cdktf deploy',
    'node /app/node_modules/.bin/cdktf list',
    'sh -c node --import tsx main.ts',
  ])('are not read from %s', (commandLine) => {
    expect(stacksIn(commandLine)).toEqual([]);
  });

  it('are read from the command line of this process’s parent, but only if the CDKTF CLI runs this program', () => {
    jest.replaceProperty(process, 'ppid', 4711);
    expect(requestedStacks()).toEqual([]);
    jest.replaceProperty(process, 'env', { CDKTF_CONTINUE_SYNTH_ON_ERROR_ANNOTATIONS: 'true' });
    expect(requestedStacks()).toEqual(['dev']);
  });
});
