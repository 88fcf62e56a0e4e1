import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeEndpoints, writeEndpoints } from '../../start/endpoints-file';
import { readEndpoints } from '../../verify/one-machine';
import { parseOutputs, parseRawOutputs, readStackOutputs } from '../../verify/outputs';
import { OUTPUTS } from '../support/verified';

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
    expect(() => parseOutputs({ api_url: { value: 'https://api.acme.org', sensitive: false } })).toThrow(
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

  it('on one machine come from the file of npm start, and are an error after it has stopped', () => {
    const folder = mkdtempSync(join(tmpdir(), 'endpoints-'));
    const endpoints = {
      outputs: { api_url: { value: 'https://api.acme.org', sensitive: false } },
      addresses: { 'api.acme.org:443': '127.0.0.1:8443' },
      authority: 'PEM',
      controlPlane: 'http://127.0.0.1:5000',
    };
    writeEndpoints(folder, endpoints);
    expect(readEndpoints(folder)).toEqual(endpoints);
    removeEndpoints(folder);
    expect(() => readEndpoints(folder)).toThrow(
      `${join(folder, 'endpoints.json')} does not contain the addresses of a deployment on this machine. Run \`npm start\` first, and leave it running.`,
    );
    rmSync(folder, { recursive: true });
  });
});
