import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readEndpoints } from '../../verify/one-machine';
import { folderForEachTest } from '../support/temporary-folder';

const ENDPOINTS = {
  outputs: { api_url: { value: 'https://api.example.com' } },
  addresses: { 'api.example.com': '127.20.0.1' },
  authority: 'PEM',
  controlPlane: 'http://127.0.0.1:4566',
};

const folder = folderForEachTest('endpoints-');
const file = (): string => join(folder(), 'endpoints.json');

describe('the endpoints of a deployment on this machine', () => {
  it('are read from the file that npm start writes', () => {
    writeFileSync(file(), JSON.stringify(ENDPOINTS));
    expect(readEndpoints(folder())).toEqual(ENDPOINTS);
  });

  it.each([
    ['missing', undefined],
    ['not JSON', 'no JSON'],
    ['without an address', JSON.stringify({ ...ENDPOINTS, controlPlane: undefined })],
    ['with a wrong address', JSON.stringify({ ...ENDPOINTS, controlPlane: 'somewhere' })],
  ])('cause an error that names the remedy if the file is %s', (_what, content) => {
    if (content !== undefined) writeFileSync(file(), content);
    expect(() => readEndpoints(folder())).toThrow(
      `${file()} does not contain the addresses of a deployment on this machine. Run \`npm start\` first, and leave it running.`,
    );
  });
});
