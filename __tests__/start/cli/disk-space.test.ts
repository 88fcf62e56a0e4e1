import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { diskSpaceMib } from '../../../start/cli/disk-space';

const MIB = 2 ** 20;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'space-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

describe('the disk space of a folder', () => {
  it('contains the files in its folders', () => {
    mkdirSync(join(folder, 'inner'));
    writeFileSync(join(folder, 'inner', 'data'), Buffer.alloc(3 * MIB, 1));
    expect(diskSpaceMib(folder)).toBeGreaterThanOrEqual(3);
    expect(diskSpaceMib(folder)).toBeLessThan(3.5);
  });

  it('contains neither holes in files nor the targets of links', () => {
    writeFileSync(join(folder, 'hole'), '');
    truncateSync(join(folder, 'hole'), 100 * MIB);
    symlinkSync(process.execPath, join(folder, 'link'));
    expect(diskSpaceMib(folder)).toBeLessThan(1);
  });

  it('is nothing if there is no folder', () => {
    expect(diskSpaceMib(join(folder, 'missing'))).toBe(0);
  });
});
