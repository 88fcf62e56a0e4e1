import { join } from 'node:path';
import { keptFolder, numberIn } from '../../../start/cli/kept-folder';

describe('the name of a deployment’s folder', () => {
  it('is the name of the environment', () => {
    expect(keptFolder({ folder: '/kept', environment: 'dev' })).toBe(join('/kept', 'dev'));
  });

  // No name of an environment contains a dot, so two deployments never share a folder.
  it('ends in a dot and the number, if one is given', () => {
    expect(keptFolder({ folder: '/kept', environment: 'dev', number: 7 })).toBe(join('/kept', 'dev.7'));
  });
});

describe('the number of a deployment', () => {
  it.each([
    ['1', 1],
    ['254', 254],
    [undefined, undefined],
  ])('with --number %j is %j', (text, number) => {
    expect(numberIn(text)).toBe(number);
  });

  it.each(['0', '255', '-1', '1.5', '1e2', ' 7', 'seven', ''])('cannot be %j', (text) => {
    expect(() => numberIn(text)).toThrow(new Error(`--number must be a whole number from 1 to 254, got ${text}.`));
  });
});
