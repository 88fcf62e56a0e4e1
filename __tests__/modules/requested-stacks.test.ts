import { requestedStacks, stacksIn } from '../../modules/requested-stacks';

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

  it('are none if the CDKTF CLI does not run the program', () => {
    expect(requestedStacks()).toEqual([]);
  });
});
