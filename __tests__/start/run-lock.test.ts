import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { claimFolder, lockFolder } from '../../start/run-lock';

let folder: string;
const file = (): string => `${used()}.pid`;
const used = (): string => join(folder, 'dev');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'run-lock-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

describe('a folder', () => {
  it('is locked until it is released', () => {
    const free = lockFolder(used());
    const words = `npm start already runs here, as process ${process.pid}. End it with Ctrl-C or \`kill ${process.pid}\`, or start another deployment: npm start -- --number N, with a new N`;
    expect(() => lockFolder(used())).toThrow(new Error(words));
    free();
    lockFolder(used())();
  });

  it('stays locked by a running process whose start time was unknown', () => {
    writeFileSync(file(), JSON.stringify({ pid: process.pid, started: NaN }));
    expect(() => lockFolder(used())).toThrow('npm start already runs here');
  });

  it.each([
    ['a process that ended', JSON.stringify({ pid: 2 ** 22 + 1, started: Date.now() })],
    ['a later process with the same id', JSON.stringify({ pid: 1, started: 0 })],
    ['an incomplete lock file', ''],
    ['a lock file without a process', '0'],
  ])('is not locked by %s', (_who, content) => {
    writeFileSync(file(), content);
    const free = lockFolder(used());
    expect(readFileSync(file(), 'utf8')).toContain(String(process.pid));
    free();
  });
});

describe('the folder of npm start', () => {
  it('is created, and accepted again with any content', () => {
    const made = join(folder, 'new');
    expect(claimFolder(made)).toBe(made);
    writeFileSync(join(made, 'state'), '');
    expect(claimFolder(made)).toBe(made);
  });

  it('may not hold other files', () => {
    writeFileSync(join(folder, 'thesis'), '');
    expect(() => claimFolder(folder)).toThrow(
      new Error(
        `--folder must be empty or a folder that npm start used before, got ${folder}. Its files would be lost. Choose another folder.`,
      ),
    );
    expect(existsSync(join(folder, 'thesis'))).toBe(true);
  });

  it('may not be a file', () => {
    writeFileSync(file(), '');
    expect(() => claimFolder(file())).toThrow(/^--folder must be a writable folder, got \S+pid: EEXIST/);
  });
});
