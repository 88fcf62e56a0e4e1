import type { ChildProcess } from 'node:child_process';

/** How a server process ended. */
export interface ServerExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Whether this program stopped it. */
  readonly isStopped: boolean;
}

/** Resolves when a process ends, at once where it has ended. @param isStopped says then whether this program stopped it */
export function exitOf(process: ChildProcess, isStopped: () => boolean): Promise<ServerExit> {
  return new Promise((resolve) => {
    const settle = (code: number | null, signal: NodeJS.Signals | null): void =>
      resolve({ code, signal, isStopped: isStopped() });
    if (process.exitCode !== null || process.signalCode !== null) settle(process.exitCode, process.signalCode);
    else process.once('exit', settle);
  });
}

/** For people: `killed by SIGKILL`, `exit status 1`. */
export function howItEnded({ code, signal }: ServerExit): string {
  return signal === null ? `exit status ${code ?? ''}` : `killed by ${signal}`;
}

/** Is told what happens to the servers by itself. */
export interface Watcher {
  /** The database ended and was started again. */
  notice(line: string): void;
  /** A server ended, and nothing but a new start helps. */
  fail(error: Error): void;
}
