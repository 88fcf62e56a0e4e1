import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Makes an empty folder before each test and removes it afterwards. @returns a function that returns the folder's path */
export function folderForEachTest(prefix: string): () => string {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), prefix))));
  afterEach(() => rmSync(folder, { recursive: true }));
  return () => folder;
}
