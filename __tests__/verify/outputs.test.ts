import { join } from 'node:path';
import { parseOutputs, parseRawOutputs, readStackOutputs } from '../../verify/outputs';
import { OUTPUTS } from '../support/deployment-stand-in';

describe('the outputs of a stack', () => {
  it('name the deployed resources', () => {
    expect(parseOutputs(OUTPUTS).deployed.routes.map(({ path }) => path)).toEqual([
      '/items',
      '/func1',
      '/auth-matrix',
      '/',
    ]);
  });

  it('are rejected with the remedy if another version deployed them', () => {
    expect(() => parseOutputs({ api_url: { value: 'https://api.acme.org' } })).toThrow(
      /^The output deployed is not what this version deploys: .*Deploy this version, then verify it\.$/,
    );
  });

  it('are rejected with their file if they are not JSON', () => {
    expect(() => parseRawOutputs('no JSON', 'outputs.json')).toThrow(
      'outputs.json does not contain the outputs of a stack. It must contain the output of `terraform output -json`.',
    );
  });

  it('cannot be read, and the error has the remedy, if the stack was not synthesised here', async () => {
    const folder = join(__dirname, 'missing');
    await expect(readStackOutputs(folder)).rejects.toThrow(
      `${folder} does not exist. Deploy from this folder first, or name a file with --outputs.`,
    );
  });
});
