import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { claimFolder, lockFolder } from '../../start/run-lock';
import { folderForEachTest } from '../support/temporary-folder';

const root = folderForEachTest('run-lock-');
const folder = (): string => join(root(), 'dev');
const lockFile = (): string => `${folder()}.pid`;

/** Larger than the largest process id of Linux, 2^22. */
const NO_PROCESS = 2 ** 22 + 1;

describe('the folder of a deployment', () => {
  it('is locked until it is released', () => {
    const release = lockFolder(folder());
    const message = `npm start already uses the folder ${folder()}, as process ${process.pid}. End it with Ctrl-C or \`kill ${process.pid}\`, or start another deployment: npm start -- --number N, with a new N`;
    expect(() => lockFolder(folder())).toThrow(new Error(message));
    release();
    lockFolder(folder())();
  });

  it('is locked by a running process, even if its start time is unknown', () => {
    writeFileSync(lockFile(), JSON.stringify({ pid: process.pid, started: NaN }));
    expect(() => lockFolder(folder())).toThrow('npm start already uses the folder');
  });

  it.each([
    ['a process that ended', JSON.stringify({ pid: NO_PROCESS, started: Date.now() })],
    ['an earlier process whose id is in use again', JSON.stringify({ pid: 1, started: 0 })],
    ['an incomplete lock file', ''],
    ['a lock file without a process', '0'],
  ])('is not locked by %s, and the lock can be taken', (_what, content) => {
    writeFileSync(lockFile(), content);
    const release = lockFolder(folder());
    expect(JSON.parse(readFileSync(lockFile(), 'utf8'))).toMatchObject({ pid: process.pid });
    release();
  });
});

describe('two starts that find the same stale lock', () => {
  const path = process.env['PATH'];

  afterEach(() => void (process.env['PATH'] = path));

  it('do not both get the folder', () => {
    // npm start runs `ps -o lstart= -p PID` for the process in the lock. If the start time differs from the one in the lock, the lock
    // is stale. The script below answers instead of `ps`. Asked about process 1, it first replaces the lock, as another npm start would.
    const other = JSON.stringify({ pid: process.ppid, started: NaN });
    const ps = `#!/bin/sh\n[ "$4" = 1 ] && echo '${other}' > ${lockFile()}\necho Fri Jan 2 00:00:00 1970\n`;
    writeFileSync(join(root(), 'ps'), ps, { mode: 0o700 });
    writeFileSync(lockFile(), JSON.stringify({ pid: 1, started: 0 }));
    process.env['PATH'] = `${root()}:${path}`;
    expect(() => lockFolder(folder())).toThrow(
      `npm start already uses the folder ${folder()}, as process ${process.ppid}.`,
    );
    expect(JSON.parse(readFileSync(lockFile(), 'utf8'))).toMatchObject({ pid: process.ppid });
  });
});

describe('the folder in --folder', () => {
  it('is created, and accepted again with any content', () => {
    const created = join(root(), 'new');
    expect(claimFolder(created)).toBe(created);
    writeFileSync(join(created, 'state'), '');
    expect(claimFolder(created)).toBe(created);
  });

  it('must be empty if npm start has not used it before', () => {
    writeFileSync(join(root(), 'thesis'), '');
    expect(() => claimFolder(root())).toThrow(
      new Error(
        `--folder must name an empty folder or one that npm start used before, got ${root()}. The files in this folder would be lost. Choose another folder.`,
      ),
    );
    expect(existsSync(join(root(), 'thesis'))).toBe(true);
  });

  it('may not be a file', () => {
    writeFileSync(lockFile(), '');
    expect(() => claimFolder(lockFile())).toThrow(/^--folder must be a writable folder, got \S+pid: EEXIST/);
  });
});
