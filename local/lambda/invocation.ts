/** The outcome of an invocation. */
export interface Invocation {
  /** JSON. */
  readonly payload: string;
  /** Lambda's value for a handler that threw, crashed or timed out. */
  readonly functionError?: 'Unhandled';
  /** Log lines of the function and of Lambda during the invocation. */
  readonly log: string;
}

/** The error of a failed function, as the caller receives it. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
}

/** Go's names of signals; Lambda's supervisor, which reports them, is written in Go. */
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

/** Makes the error of a process that ended without an answer. */
export function exitError(id: string, end?: { status: number | null; signal: NodeJS.Signals | null }): FunctionError {
  const { status = 0, signal = null } = end ?? {};
  const cause = signal === null ? `exit status ${status ?? 0}` : `signal: ${SIGNALS[signal] ?? signal}`;
  const outcome = status === 0 ? 'exited without providing a reason' : `exited with error: ${cause}`;
  return { errorType: 'Runtime.ExitError', errorMessage: `RequestId: ${id} Error: Runtime ${outcome}` };
}

/** 6 MB by https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html; Lambda's error gives the exact number. */
const ANSWER_BYTES = 6_291_556;

/** Returns an error if the answer is too large. @param payload JSON */
export function errorIfTooLarge(payload: string): FunctionError | undefined {
  // A UTF-16 code unit has at most 3 bytes in UTF-8, so most payloads need no count of their bytes.
  if (payload.length * 3 <= ANSWER_BYTES || Buffer.byteLength(payload) <= ANSWER_BYTES) return undefined;
  const errorMessage = `Response payload size exceeded maximum allowed payload size (${ANSWER_BYTES} bytes).`;
  return { errorType: 'Function.ResponseSizeTooLarge', errorMessage };
}

/** The duration and memory of one invocation. */
export interface Usage {
  readonly durationMs: number;
  /** Present if this invocation loaded the code. */
  readonly initMs?: number | undefined;
  readonly memoryMib: number;
  readonly maxMemoryMib: number;
}

/** Makes the last line of an invocation's log. Loading the code is billed, too. */
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
