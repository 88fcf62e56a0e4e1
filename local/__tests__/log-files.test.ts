import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LogFile, LogFiles } from '../log-files';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'logs-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

describe('a log file', () => {
  it('appends all text in order', async () => {
    writeFileSync(join(folder, 'a.log'), 'before\n');
    const log = new LogFile(join(folder, 'a.log'));
    const lines = Array.from({ length: 1_000 }, (_, index) => `line ${index}\n`);
    lines.forEach((line) => log.write(line));
    await log.close();
    expect(read('a.log')).toBe(`before\n${lines.join('')}`);
  });

  it('collects text for a short time and writes it in one batch', async () => {
    const log = new LogFile(join(folder, 'a.log'));
    log.write('first\n');
    await new Promise(setImmediate);
    expect(existsSync(join(folder, 'a.log'))).toBe(false);
    log.write('second\n');
    while (!existsSync(join(folder, 'a.log')) || read('a.log') === '') await sleep(5);
    expect(read('a.log')).toBe('first\nsecond\n');
    await log.close();
  });

  /** Runs statements in a separate process, where `log` writes a line to `a.log`. @returns the exit status */
  function runProcess(statements: string): number | null {
    const program = join(folder, 'program.ts');
    const module = JSON.stringify(join(__dirname, '..', 'log-files.ts'));
    writeFileSync(
      program,
      `import { LogFiles } from ${module};
       const log = new LogFiles(${JSON.stringify(folder)}).writer('a');
       ${statements}`,
    );
    return spawnSync(process.execPath, ['--import', 'tsx', program], { cwd: join(__dirname, '..', '..') }).status;
  }

  it.each([
    ['calls process.exit', 'process.exit(3)', 3],
    ['throws an uncaught error', 'throw new Error("uncaught")', 1],
  ])('loses no text if the process %s', (_ending, end, status) => {
    const statements = `log('first'); setTimeout(() => { log('second'); log('third'); ${end}; }, 100);`;
    expect(runProcess(statements)).toBe(status);
    expect(read('a.log')).toMatch(/^\S+Z first\n\S+Z second\n\S+Z third\n$/);
  });

  it('loses no text if the process ends while the file is being opened', () => {
    // The log's own timer of 25 ms fires just before this one and begins to open the file.
    runProcess("log('first'); setTimeout(() => process.exit(), 25);");
    expect(read('a.log')).toMatch(/^\S+Z first\n$/);
  });

  it('can be written to again after it was closed', async () => {
    const log = new LogFile(join(folder, 'a.log'));
    log.write('first\n');
    await log.close();
    log.write('second\n');
    await log.close();
    expect(read('a.log')).toBe('first\nsecond\n');
  });

  it('keeps the newest lines in two files of limited size', async () => {
    const log = new LogFile(join(folder, 'a.log'), { fileBytes: 1_000 });
    const lines = Array.from({ length: 500 }, (_, index) => `${String(index).padStart(99)}\n`);
    for (const [index, line] of lines.entries()) {
      log.write(line);
      // Each close writes at most 700 bytes. A file with 1,000 bytes or more is renamed, so no file reaches 2,000.
      if (index % 7 === 0) await log.close();
    }
    await log.close();
    expect(readdirSync(folder).sort()).toEqual(['a.log', 'a.old.log']);
    for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).size).toBeLessThan(2_000);
    const kept = read('a.old.log') + read('a.log');
    expect(kept).toBe(lines.join('').slice(-kept.length));
  });

  it('reports how much text was lost because too much was waiting for the disk', async () => {
    const log = new LogFile(join(folder, 'a.log'), { waitingCharacters: 10 });
    log.write('12345678\n');
    log.write('1234567890');
    await log.close();
    expect(read('a.log')).toBe('12345678\n10 characters were lost: the disk is too slow.\n');
  });

  it('that cannot be written is reported once and throws no error', async () => {
    const report = jest.spyOn(console, 'error').mockImplementation();
    mkdirSync(join(folder, 'a.log'));
    const logs = new LogFiles(folder);
    logs.writer('a')('one');
    await logs.close();
    logs.writer('a')('two');
    logs.writer('b')('three');
    await logs.close();
    expect(report.mock.calls).toEqual([[expect.stringMatching(/^The log \S+a\.log cannot be written: .*EISDIR/)]]);
    expect(read('b.log')).toMatch(/^\S+Z three\n$/);
    report.mockRestore();
  });
});
