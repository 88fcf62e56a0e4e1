import { join } from 'node:path';
import { parseOutputs, parseRawOutputs, readStackOutputs } from '../../verify/outputs';
import { OUTPUTS } from '../support/deployment-stand-in';

describe('outputs', () => {
  it('name the deployed resources', () => {
    expect(parseOutputs(OUTPUTS).deployed.routes.map(({ path }) => path)).toEqual([
      '/items',
      '/func1',
      '/auth-matrix',
      '/',
    ]);
  });

  it('of an older version are rejected with a remedy', () => {
    expect(() => parseOutputs({ api_url: { value: 'https://api.acme.org' } })).toThrow(
      /^The output deployed is not what this version deploys: .*Deploy this version, then verify it\.$/,
    );
  });

  it('that are not JSON are rejected with their file', () => {
    expect(() => parseRawOutputs('no JSON', 'outputs.json')).toThrow(
      'outputs.json does not contain the outputs of a stack. It must contain the output of `terraform output -json`.',
    );
  });

  it('of a stack that was not synthesised here are an error with a remedy', async () => {
    const folder = join(__dirname, 'nothing');
    await expect(readStackOutputs(folder)).rejects.toThrow(
      `${folder} does not exist. Deploy from this folder first, or name a file with --outputs.`,
    );
  });
});
