import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { parseOutputs, parseRawOutputs, readStackOutputs } from '../../verify/outputs';

const ROOT = join(__dirname, '..', '..');

describe('the outputs of a stack', () => {
  it('are rejected, and the error has the remedy, if another version of the project deployed the stack', () => {
    expect(() => parseOutputs({ api_url: { value: 'https://api.acme.org' } })).toThrow(
      /^The Terraform output "deployed" does not have the format that this version of the project writes: .*Deploy this version of the project, then verify again\.$/,
    );
  });

  it('are rejected, and the error names their file, if they are not JSON', () => {
    expect(() => parseRawOutputs('no JSON', 'outputs.json')).toThrow(
      'outputs.json does not contain the outputs of a stack. Expected: the output of `terraform output -json`.',
    );
  });

  it('cannot be read, and the error has the remedy, if the stack was not synthesised here', async () => {
    const folder = join(__dirname, 'missing');
    await expect(readStackOutputs(folder)).rejects.toThrow(
      `${folder} does not exist. Deploy from this checkout first, or pass a file with --outputs.`,
    );
  });

  it('cannot be read without Terraform, and the error says so', () => {
    // Runs in a separate process: changes to `process.env.PATH` in a Jest test do not reach Terraform.
    const script =
      "require('./verify/outputs.ts').readStackOutputs('verify').catch(({ message }) => console.log(message));";
    const node = ['--import', 'tsx', '--eval', script];
    const printed = execFileSync(process.execPath, node, { cwd: ROOT, env: { PATH: __dirname }, encoding: 'utf8' });
    expect(printed).toBe(
      'Terraform is not installed, or not on the PATH. Install it, or pass a file with --outputs.\n',
    );
  });
});
