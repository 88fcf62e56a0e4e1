import { PassThrough } from 'node:stream';

/** What one test writes with `console.log` and `console.error`. */
export interface ConsoleOutput {
  /** Texts of `console.log`, one for each call. */
  readonly printed: readonly string[];
  /** Texts of `console.error`, one for each call. */
  readonly errors: readonly string[];
  /** Texts of both, in order. */
  readonly lines: readonly string[];
}

/**
 * Records what each test writes with `console.log` and `console.error`, and prints nothing.
 * Replaces the standard output by a stream that is no terminal, so a test behaves the same in a terminal and in CI.
 *
 * @returns a function that returns the output of the running test
 */
export function consoleForEachTest(): () => ConsoleOutput {
  let output: Record<keyof ConsoleOutput, string[]>;
  const recordIn = (name: 'printed' | 'errors') => (text: string) => {
    output[name].push(text);
    output.lines.push(text);
  };
  beforeEach(() => {
    output = { printed: [], errors: [], lines: [] };
    jest.spyOn(process, 'stdout', 'get').mockReturnValue(new PassThrough() as never);
    jest.spyOn(console, 'log').mockImplementation(recordIn('printed'));
    jest.spyOn(console, 'error').mockImplementation(recordIn('errors'));
  });
  afterEach(() => void jest.restoreAllMocks());
  return () => output;
}
