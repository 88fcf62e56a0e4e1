import type { ChildProcess } from 'node:child_process';

/** How a server process ended. */
export interface ServerExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Whether this program stopped it; false after a crash. */
  readonly isStopped: boolean;
}

/** Whether a process ended, by itself or by a signal. */
export const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null;

/** Resolves when a process ends. @param isStopped returns whether this program stopped it; called once the process has ended */
export function exitOf(process: ChildProcess, isStopped: () => boolean): Promise<ServerExit> {
  return new Promise((resolve) => {
    const settle = (code: number | null, signal: NodeJS.Signals | null): void =>
      resolve({ code, signal, isStopped: isStopped() });
    if (hasEnded(process)) settle(process.exitCode, process.signalCode);
    else process.once('exit', settle);
  });
}

/** Describes an exit: `killed by SIGKILL`, `exit status 1`. */
export function howItEnded({ code, signal }: ServerExit): string {
  return signal === null ? `exit status ${code ?? ''}` : `killed by ${signal}`;
}

/** Receives a report of each server that ended without a command to stop it. */
export interface Watcher {
  /** The database ended and was started again. */
  notice(line: string): void;
  /** A server ended, and everything must be started again. */
  fail(error: Error): void;
}
