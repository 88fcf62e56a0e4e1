/** How an invocation ended. */
export interface Invocation {
  /** JSON. */
  readonly payload: string;
  /** Lambda's word for a handler that threw, crashed or ran out of time. */
  readonly functionError?: 'Unhandled';
  /** What was logged meanwhile: by the function, and by Lambda about it. */
  readonly log: string;
}

/** What the caller is told of a function that failed. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
}

/** Words of Go, in which Lambda's supervisor is written, for the ends of a process. */
const SIGNALS: Readonly<Record<string, string>> = {
  SIGABRT: 'aborted',
  SIGBUS: 'bus error',
  SIGILL: 'illegal instruction',
  SIGINT: 'interrupt',
  SIGKILL: 'killed',
  SIGSEGV: 'segmentation fault',
  SIGTERM: 'terminated',
  SIGTRAP: 'trace/breakpoint trap',
};

/** The error of a process that ended without an answer. */
export function exited(id: string, end?: { status: number | null; signal: NodeJS.Signals | null }): FunctionError {
  const { status = 0, signal = null } = end ?? {};
  const how = signal === null ? `exit status ${status ?? 0}` : `signal: ${SIGNALS[signal] ?? signal}`;
  const words = status === 0 ? 'exited without providing a reason' : `exited with error: ${how}`;
  return { errorType: 'Runtime.ExitError', errorMessage: `RequestId: ${id} Error: Runtime ${words}` };
}

/** The error of a function, or of the loading of its code, that took too long. */
export function timedOut(id: string, seconds: number): FunctionError {
  return {
    errorType: 'Sandbox.Timedout',
    errorMessage: `RequestId: ${id} Error: Task timed out after ${seconds.toFixed(2)} seconds`,
  };
}

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html says 6 MB, Lambda's error says exactly how much. */
const ANSWER_BYTES = 6_291_556;

/** The error of a function whose answer is too long, if it is. @param payload JSON */
export function tooLarge(payload: string): FunctionError | undefined {
  if (payload.length * 3 <= ANSWER_BYTES || Buffer.byteLength(payload) <= ANSWER_BYTES) return undefined;
  const errorMessage = `Response payload size exceeded maximum allowed payload size (${ANSWER_BYTES} bytes).`;
  return { errorType: 'Function.ResponseSizeTooLarge', errorMessage };
}

/** What one invocation took. */
export interface Usage {
  readonly durationMs: number;
  /** Present where the code was loaded for this invocation. */
  readonly initMs?: number | undefined;
  readonly memoryMib: number;
  readonly maxMemoryMib: number;
}

/** The last line of an invocation's log. Loading the code is billed, too. */
export function reportLine(id: string, { durationMs, initMs, memoryMib, maxMemoryMib }: Usage): string {
  const fields = [
    `REPORT RequestId: ${id}`,
    `Duration: ${durationMs.toFixed(2)} ms`,
    `Billed Duration: ${Math.ceil(durationMs + (initMs ?? 0))} ms`,
    `Memory Size: ${memoryMib} MB`,
    `Max Memory Used: ${maxMemoryMib} MB`,
    ...(initMs === undefined ? [] : [`Init Duration: ${initMs.toFixed(2)} ms`]),
  ];
  return `${fields.join('\t')}\t\n`;
}
