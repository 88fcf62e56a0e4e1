import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientCheck, Line } from './line';

/** Timeout of a program. */
const PATIENCE_MS = 120_000;

export interface ProgramOptions {
  /** The program with the commands before it. */
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Closes the connections of an idle program. */
  readonly closeIdle: () => void;
  /** Called between a check and the next one. */
  readonly after: (check: ClientCheck) => Promise<void>;
}

export interface ProgramResult {
  readonly version: string;
  readonly lines: Partial<Record<ClientCheck, Line>>;
  /** Its standard error. */
  readonly complaints: string;
}

/** Runs the program of a client and collects its output. */
export async function runProgram(options: ProgramOptions): Promise<ProgramResult> {
  const [command = '', ...words] = options.command;
  const env = { ...process.env, ...options.environment };
  // A separate process group, so that its child processes end with it.
  const child = spawn(command, words, { env, stdio: 'pipe', detached: true });
  const kill = (): void => {
    try {
      process.kill(-(child.pid ?? 0), 'SIGKILL');
    } catch {
      // The process has already ended.
    }
  };
  const timer = setTimeout(kill, PATIENCE_MS);
  let complaints = '';
  child.stderr.on('data', (text) => (complaints += String(text)));
  child.stdin.on('error', () => undefined);
  const lines: Partial<Record<ClientCheck, Line>> = {};
  let version = 'unknown';
  for await (const text of createInterface({ input: child.stdout })) {
    const line = parse(text);
    version = line.version ?? version;
    if (line.idle) {
      options.closeIdle();
      // By its next call an idle client has noticed the close.
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

/** Ignores lines that libraries print. */
function parse(text: string): Line {
  try {
    return JSON.parse(text) as Line;
  } catch {
    return {};
  }
}
