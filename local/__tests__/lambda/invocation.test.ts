import { errorIfTooLarge, exitError, reportLine } from '../../lambda/invocation';

describe('the error of a process that sent no answer', () => {
  it.each([
    ['exited with 0', 'Runtime exited without providing a reason', { status: 0, signal: null }],
    ['has neither exit status nor signal', 'Runtime exited without providing a reason', undefined],
    ['exited with 3', 'Runtime exited with error: exit status 3', { status: 3, signal: null }],
    ['was killed', 'Runtime exited with error: signal: killed', { status: null, signal: 'SIGKILL' as const }],
    ['got SIGUSR2', 'Runtime exited with error: signal: SIGUSR2', { status: null, signal: 'SIGUSR2' as const }],
  ])('and %s is “%s”', (_how, message, end) => {
    expect(exitError('id-1', end)).toEqual({
      errorType: 'Runtime.ExitError',
      errorMessage: `RequestId: id-1 Error: ${message}`,
    });
  });
});

describe('the size of an answer', () => {
  /** Lambda's limit: 6 MiB and 100 bytes. */
  const LIMIT = 6_291_556;

  it('is measured in bytes, not in characters', () => {
    expect(errorIfTooLarge('ü'.repeat(LIMIT / 2))).toBeUndefined();
    expect(errorIfTooLarge('ü'.repeat(LIMIT / 2 + 1))).toBeDefined();
    expect(errorIfTooLarge('€'.repeat(Math.ceil(LIMIT / 3)))).toBeDefined();
  });
});

describe('the REPORT line of a log', () => {
  const usage = { durationMs: 12.345, memoryMib: 128, maxMemoryMib: 64 };

  it('has duration and memory, and bills whole milliseconds', () => {
    expect(reportLine('id-1', usage)).toBe(
      'REPORT RequestId: id-1\tDuration: 12.35 ms\tBilled Duration: 13 ms\tMemory Size: 128 MB\tMax Memory Used: 64 MB\t\n',
    );
  });

  it('also bills the initialization, and has its duration', () => {
    expect(reportLine('id-1', { ...usage, initMs: 100.5 })).toMatch(
      /\tBilled Duration: 113 ms\t.*\tInit Duration: 100\.50 ms\t\n$/,
    );
  });
});
