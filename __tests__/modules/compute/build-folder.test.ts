import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { BUILD_FOLDER, writeBuildFile } from '../../../modules/compute/build-folder';

const NAME = `build-folder-test-${process.pid}.txt`;

afterEach(() => rmSync(join(BUILD_FOLDER, NAME), { force: true }));

describe('a file that synth writes', () => {
  it('replaces an earlier file of the same name, and leaves no temporary file', () => {
    writeBuildFile(NAME, Buffer.from('a longer text'));
    const path = writeBuildFile(NAME, Buffer.from('two'));
    expect(path).toBe(join(BUILD_FOLDER, NAME));
    expect(readFileSync(path, 'utf8')).toBe('two');
    expect(readdirSync(BUILD_FOLDER).filter((name) => name.startsWith(NAME))).toEqual([NAME]);
  });
});
