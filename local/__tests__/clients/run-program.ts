import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientCheck, OutputLine } from './output-line';

const PROGRAM_TIMEOUT_MS = 120_000;

export interface ProgramOptions {
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Closes the program's connections. `runProgram` calls it when the program reports that it is idle. */
  readonly closeConnections: () => void;
  /** Called after each check. The program continues meanwhile. */
  readonly afterCheck: (check: ClientCheck) => Promise<void>;
}

export interface ProgramResult {
  readonly version: string;
  readonly lines: Partial<Record<ClientCheck, OutputLine>>;
  readonly stderr: string;
}

/** Runs the program of a client and collects its output. Kills a program that takes too long. */
export async function runProgram(options: ProgramOptions): Promise<ProgramResult> {
  const [command = '', ...args] = options.command;
  const env = { ...process.env, ...options.environment };
  // `detached` starts a process group, so that `kill` also ends the program's child processes.
  const child = spawn(command, args, { env, stdio: 'pipe', detached: true });
  const kill = (): void => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // The process has already ended.
    }
  };
  const timer = setTimeout(kill, PROGRAM_TIMEOUT_MS);
  let stderr = '';
  child.stderr.on('data', (text) => (stderr += String(text)));
  // If the program has already ended, the write below emits an error, which says nothing new.
  child.stdin.on('error', () => undefined);
  const lines: Partial<Record<ClientCheck, OutputLine>> = {};
  let version = 'unknown';
  for await (const text of createInterface({ input: child.stdout })) {
    const line = parse(text);
    version = line.version ?? version;
    if (line.idle) {
      options.closeConnections();
      // Gives the client time to notice the close before its next call.
      await sleep(300);
      child.stdin.write('\n');
    }
    if (line.check === undefined) continue;
    lines[line.check] = line;
    await options.afterCheck(line.check);
  }
  clearTimeout(timer);
  kill();
  return { version, lines, stderr };
}

/** Parses a line of the program. Returns an empty object for a line that is not JSON: a library printed it. */
function parse(text: string): OutputLine {
  try {
    return JSON.parse(text) as OutputLine;
  } catch {
    return {};
  }
}
