import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readEndpoints } from '../../verify/one-machine';
import { folderForEachTest } from '../support/temporary-folder';

const folder = folderForEachTest('endpoints-');
const file = (): string => join(folder(), 'endpoints.json');

// The tests with a correct file are in main.test.ts and start/endpoints-file.test.ts.
describe('reading the endpoints of a deployment on this machine', () => {
  it.each([
    ['is missing', undefined],
    ['is not JSON', 'no JSON'],
    [
      'has an invalid URL of the local AWS',
      '{"outputs":{},"addresses":{},"authority":"PEM","controlPlane":"somewhere"}',
    ],
  ])('fails with an error that names the remedy if the file %s', (_what, content) => {
    if (content !== undefined) writeFileSync(file(), content);
    expect(() => readEndpoints(folder())).toThrow(
      `${file()} does not contain the addresses of a deployment on this machine. Run \`npm start\` first, and leave it running.`,
    );
  });
});
