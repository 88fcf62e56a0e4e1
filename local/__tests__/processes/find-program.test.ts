import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { findProgram } from '../../processes/find-program';

const NAME = 'a-program-of-this-test';

describe('findProgram', () => {
  const originalFolder = process.cwd();
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'programs-'));
    writeFileSync(join(folder, NAME), '#!/bin/sh\n', { mode: 0o755 });
    process.chdir(folder);
  });
  afterEach(() => {
    process.chdir(originalFolder);
    rmSync(folder, { recursive: true });
  });

  it('returns the path of the first name that is in a folder of the PATH', () => {
    expect(findProgram(['no-such-program', NAME], `/nowhere${delimiter}${folder}`)).toBe(join(folder, NAME));
  });

  it('returns a path as it is, without searching the PATH', () => {
    expect(findProgram([join(folder, NAME)], '')).toBe(join(folder, NAME));
  });

  // For an empty entry of the PATH, a shell would search the current folder.
  it.each(['', delimiter, `/nowhere${delimiter}`])('does not search the current folder if the PATH is "%s"', (path) => {
    expect(findProgram([NAME], path)).toBeUndefined();
  });
});
