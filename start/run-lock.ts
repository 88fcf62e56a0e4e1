import { execFileSync } from 'node:child_process';
import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The process that uses a folder. Its start time is stored too, because the system reuses process ids. */
interface Holder {
  readonly pid: number;
  /** Start time, ms since 1970; NaN if it is unknown. JSON stores NaN as null. */
  readonly started: number;
}

/**
 * Possible difference between two readings of a process's start time. `ps` computes the start time from the boot time, which shifts
 * when the clock is set.
 */
const TOLERANCE_MS = 2_000;

/** File that marks a folder whose content npm start may replace. */
const MARK = 'made-by-npm-start';

/**
 * Creates a folder, or accepts one that is empty or that an earlier npm start used. Marks it, so npm start may replace its content.
 *
 * @returns the folder
 * @throws Error if the folder holds other files, or cannot be created.
 */
export function claimFolder(folder: string): string {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const mayUse = existsSync(join(folder, MARK)) || readdirSync(folder).length === 0;
    if (mayUse) {
      writeFileSync(join(folder, MARK), '');
      return folder;
    }
  } catch (error) {
    throw new Error(`--folder must be a writable folder, got ${folder}: ${(error as Error).message}`);
  }
  throw new Error(
    `--folder must name an empty folder or one that npm start used before, got ${folder}. The files in this folder would be lost. Choose another folder.`,
  );
}

/**
 * Locks a folder for this process, with a file beside it: `<folder>.pid`.
 *
 * @returns a function that releases the lock
 * @throws Error if another process uses the folder; the message names that process.
 */
export function lockFolder(folder: string): () => void {
  mkdirSync(dirname(folder), { recursive: true, mode: 0o700 });
  const file = `${folder}.pid`;
  const holder: Holder = { pid: process.pid, started: startTimeOf(process.pid) };
  while (!createAtomically(file, JSON.stringify(holder))) {
    const runningHolder = runningHolderIn(file);
    if (runningHolder !== undefined) {
      const { pid } = runningHolder;
      throw new Error(
        `npm start already uses the folder ${folder}, as process ${pid}. End it with Ctrl-C or \`kill ${pid}\`, or start another deployment: npm start -- --number N, with a new N`,
      );
    }
    removeStale(file);
  }
  return () => rmSync(file, { force: true });
}

/** Removes a stale lock file. If another process has replaced the file since it was read, puts the new file back. */
function removeStale(file: string): void {
  const removed = `${file}.${process.pid}`;
  try {
    renameSync(file, removed);
    if (runningHolderIn(removed) !== undefined) linkSync(removed, file);
  } catch (error) {
    // ENOENT: the lock file is gone. EEXIST: a third process has taken the lock.
    if (!['ENOENT', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  } finally {
    rmSync(removed, { force: true });
  }
}

/** Creates a file with its content in one step, so that no other process reads it incomplete. @returns `false` if the file exists */
function createAtomically(file: string, content: string): boolean {
  const complete = `${file}.${process.pid}`;
  writeFileSync(complete, content);
  try {
    linkSync(complete, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(complete, { force: true });
  }
}

/** Returns the holder of a lock file; `undefined` if the file is stale or missing. */
function runningHolderIn(file: string): Holder | undefined {
  const holder = holderIn(file);
  return holder !== undefined && isRunning(holder) ? holder : undefined;
}

/** Reads the holder in a lock file; `undefined` if the file is missing or incomplete. */
function holderIn(file: string): Holder | undefined {
  try {
    const holder = JSON.parse(readFileSync(file, 'utf8')) as Partial<Holder>;
    return Number(holder.pid) > 0 ? { pid: Number(holder.pid), started: holder.started ?? NaN } : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the process still runs. Without `ps`, any process with this id counts. */
function isRunning({ pid, started }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const differenceMs = Math.abs(startTimeOf(pid) - started);
  return Number.isNaN(differenceMs) || differenceMs <= TOLERANCE_MS;
}

/** Start time of a process, ms since 1970; NaN if it is unknown. */
function startTimeOf(pid: number): number {
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
