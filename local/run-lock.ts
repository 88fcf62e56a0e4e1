import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A process. Its id alone is given to another some time after its end. */
interface Holder {
  readonly pid: number;
  /** When it started, ms since 1970. */
  readonly started: number;
}

/** `ps` counts from the machine's start, whose time wanders when the clock is set. */
const TOLERANCE_MS = 2_000;

/**
 * Marks a folder as used by this process.
 *
 * @returns what frees it
 * @throws Error that names the other process where one uses it.
 */
export function lockFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, 'pid');
  const other = holderIn(file);
  if (other !== undefined && Math.abs(startOf(other.pid) - other.started) <= TOLERANCE_MS) {
    const { pid } = other;
    throw new Error(`npm start already runs here, as process ${pid}. End it with Ctrl-C, or with \`kill ${pid}\`.`);
  }
  // A process that ended without freeing the folder does not hold it.
  rmSync(file, { force: true });
  const holder: Holder = { pid: process.pid, started: startOf(process.pid) };
  writeFileSync(file, JSON.stringify(holder), { flag: 'wx' });
  return () => rmSync(file, { force: true });
}

/** `undefined` where the file is not there, or was not written to its end. */
function holderIn(file: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Holder;
  } catch {
    return undefined;
  }
}

/** NaN where there is no such process. */
function startOf(pid: number): number {
  try {
    const started = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return Date.parse(started);
  } catch {
    return NaN;
  }
}
