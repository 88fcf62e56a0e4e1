import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Check, Line } from './line';

/** A program that hangs is ended after this time. */
const PATIENCE_MS = 120_000;

export interface ProgramOptions {
  /** The program with everything that has to stand before it. */
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Closes the connections of an idle program. */
  readonly closeIdle: () => void;
  /** Called between a check and the next one. */
  readonly after: (check: Check) => Promise<void>;
}

export interface ProgramResult {
  readonly version: string;
  readonly lines: Partial<Record<Check, Line>>;
  /** What it wrote to standard error. */
  readonly complaints: string;
}

/** Runs the program of a client and collects what it prints. */
export async function runProgram(options: ProgramOptions): Promise<ProgramResult> {
  const [command = '', ...words] = options.command;
  const env = { ...process.env, ...options.environment };
  // A group of its own, so that what the program has started ends with it.
  const child = spawn(command, words, { env, stdio: 'pipe', detached: true });
  const kill = (): void => {
    try {
      process.kill(-(child.pid ?? 0), 'SIGKILL');
    } catch {
      // It has ended already.
    }
  };
  const timer = setTimeout(kill, PATIENCE_MS);
  let complaints = '';
  child.stderr.on('data', (text) => (complaints += String(text)));
  child.stdin.on('error', () => undefined);
  const lines: Partial<Record<Check, Line>> = {};
  let version = 'unknown';
  for await (const text of createInterface({ input: child.stdout })) {
    const line = parse(text);
    version = line.version ?? version;
    if (line.idle) {
      options.closeIdle();
      // An idle client has heard of it long before its next call.
      await sleep(300);
      child.stdin.write('\n');
    }
    if (line.check === undefined) continue;
    lines[line.check] = line;
    await options.after(line.check);
  }
  clearTimeout(timer);
  kill();
  return { version, lines, complaints };
}

/** Libraries may print something of their own. */
function parse(text: string): Line {
  try {
    return JSON.parse(text) as Line;
  } catch {
    return {};
  }
}
