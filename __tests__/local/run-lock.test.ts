import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lockFolder } from '../../local/run-lock';

let folder: string;
const file = (): string => join(folder, 'pid');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'run-lock-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

describe('a folder', () => {
  it('is held until it is freed', () => {
    const free = lockFolder(folder);
    const words = `npm start already runs here, as process ${process.pid}. End it with Ctrl-C, or with \`kill ${process.pid}\`.`;
    expect(() => lockFolder(folder)).toThrow(new Error(words));
    free();
    lockFolder(folder)();
  });

  it.each([
    ['a process that has ended', JSON.stringify({ pid: 2 ** 22 + 1, started: Date.now() })],
    ['another process that has its id by now', JSON.stringify({ pid: 1, started: 0 })],
    ['nobody, where the file was not written to its end', ''],
    ['nobody, where the file is something else', '0'],
  ])('is not held by %s', (_who, content) => {
    writeFileSync(file(), content);
    const free = lockFolder(folder);
    expect(readFileSync(file(), 'utf8')).toContain(String(process.pid));
    free();
  });
});
