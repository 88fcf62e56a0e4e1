import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { claimFolder, lockFolder } from '../../local/run-lock';

let folder: string;
const file = (): string => `${used()}.pid`;
const used = (): string => join(folder, 'dev');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'run-lock-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

describe('a folder', () => {
  it('is held until it is freed', () => {
    const free = lockFolder(used());
    const words = `npm start already runs here, as process ${process.pid}. End it with Ctrl-C or \`kill ${process.pid}\`, or start another one beside it: npm start -- --number 1`;
    expect(() => lockFolder(used())).toThrow(new Error(words));
    free();
    lockFolder(used())();
  });

  it.each([
    ['a process that has ended', JSON.stringify({ pid: 2 ** 22 + 1, started: Date.now() })],
    ['another process that has its id by now', JSON.stringify({ pid: 1, started: 0 })],
    ['nobody, where the file was not written to its end', ''],
    ['nobody, where the file is something else', '0'],
  ])('is not held by %s', (_who, content) => {
    writeFileSync(file(), content);
    const free = lockFolder(used());
    expect(readFileSync(file(), 'utf8')).toContain(String(process.pid));
    free();
  });
});

describe('the folder of npm start', () => {
  it('is made, and taken again whatever it holds then', () => {
    const made = join(folder, 'new');
    expect(claimFolder(made)).toBe(made);
    writeFileSync(join(made, 'state'), '');
    expect(claimFolder(made)).toBe(made);
  });

  it('is not one in which somebody keeps something else', () => {
    writeFileSync(join(folder, 'thesis'), '');
    expect(() => claimFolder(folder)).toThrow(
      new Error(
        `--folder must be empty, or one that npm start has used before, got ${folder}: what lies there would be lost. Name another.`,
      ),
    );
    expect(existsSync(join(folder, 'thesis'))).toBe(true);
  });

  it('is a folder', () => {
    writeFileSync(file(), '');
    expect(() => claimFolder(file())).toThrow(/^--folder must be a folder that can be written, got \S+pid: EEXIST/);
  });
});
