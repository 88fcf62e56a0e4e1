import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A process. Its id alone is given to another some time after its end. */
interface Holder {
  readonly pid: number;
  /** When it started, ms since 1970. */
  readonly started: number;
}

/** `ps` counts from the machine's start, whose time wanders when the clock is set. */
const TOLERANCE_MS = 2_000;

/** Says of a folder that its content is ours to replace. */
const MARK = 'made-by-npm-start';

/**
 * Makes a folder that is ours alone: what lies in it is replaced as need be.
 *
 * @returns the folder
 * @throws Error where it holds what somebody else has put there, or cannot be made.
 */
export function claimFolder(folder: string): string {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const isOurs = existsSync(join(folder, MARK)) || readdirSync(folder).length === 0;
    if (isOurs) {
      writeFileSync(join(folder, MARK), '');
      return folder;
    }
  } catch (error) {
    throw new Error(`--folder must be a folder that can be written, got ${folder}: ${(error as Error).message}`);
  }
  throw new Error(
    `--folder must be empty, or one that npm start has used before, got ${folder}: what lies there would be lost. Name another.`,
  );
}

/**
 * Marks a folder as used by this process, by a file beside it: `<folder>.pid`.
 *
 * @returns what frees it
 * @throws Error that names the other process where one uses it.
 */
export function lockFolder(folder: string): () => void {
  mkdirSync(dirname(folder), { recursive: true, mode: 0o700 });
  const file = `${folder}.pid`;
  const other = holderIn(file);
  if (other !== undefined && isRunning(other)) {
    const { pid } = other;
    throw new Error(
      `npm start already runs here, as process ${pid}. End it with Ctrl-C or \`kill ${pid}\`, or start another one beside it: npm start -- --number 1`,
    );
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
    const holder = JSON.parse(readFileSync(file, 'utf8')) as Partial<Holder>;
    return Number(holder.pid) > 0 ? { pid: Number(holder.pid), started: Number(holder.started) } : undefined;
  } catch {
    return undefined;
  }
}

/** Where `ps` is missing any process of this id counts. */
function isRunning({ pid, started }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const apart = Math.abs(startOf(pid) - started);
  return Number.isNaN(apart) || apart <= TOLERANCE_MS;
}

/** NaN where it cannot be told. */
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
