import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readEndpoints } from '../../verify/one-machine';
import { folderForEachTest } from '../support/temporary-folder';

const folder = folderForEachTest('endpoints-');
const file = (): string => join(folder(), 'endpoints.json');

// main.test.ts and start/endpoints-file.test.ts read correct endpoints.
describe('the endpoints of a deployment on this machine', () => {
  it.each([
    ['missing', undefined],
    ['not JSON', 'no JSON'],
    ['with a wrong address', '{"outputs":{},"addresses":{},"authority":"PEM","controlPlane":"somewhere"}'],
  ])('cause an error that names the remedy if the file is %s', (_what, content) => {
    if (content !== undefined) writeFileSync(file(), content);
    expect(() => readEndpoints(folder())).toThrow(
      `${file()} does not contain the addresses of a deployment on this machine. Run \`npm start\` first, and leave it running.`,
    );
  });
});
