import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { diskSpaceMib } from '../../../start/cli/disk-space';
import { folderForEachTest } from '../../support/temporary-folder';

const MIB = 2 ** 20;

const folder = folderForEachTest('space-');

describe('the disk space of a folder', () => {
  it('includes the files in its subfolders', () => {
    mkdirSync(join(folder(), 'inner'));
    writeFileSync(join(folder(), 'inner', 'data'), Buffer.alloc(3 * MIB, 1));
    expect(diskSpaceMib(folder())).toBeGreaterThanOrEqual(3);
    expect(diskSpaceMib(folder())).toBeLessThan(3.5);
  });

  it('includes neither holes in files nor the targets of symbolic links', () => {
    writeFileSync(join(folder(), 'hole'), '');
    truncateSync(join(folder(), 'hole'), 100 * MIB);
    symlinkSync(process.execPath, join(folder(), 'link'));
    expect(diskSpaceMib(folder())).toBeLessThan(1);
  });

  it('is 0 if the folder does not exist', () => {
    expect(diskSpaceMib(join(folder(), 'missing'))).toBe(0);
  });
});
