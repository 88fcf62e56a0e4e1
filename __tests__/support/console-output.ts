import { PassThrough } from 'node:stream';

/** What one test writes to the console. */
export interface ConsoleOutput {
  /** Lines of `console.log`. */
  readonly printed: readonly string[];
  /** Lines of `console.error`. */
  readonly errors: readonly string[];
  /** Lines of both, in order. */
  readonly lines: readonly string[];
}

/**
 * Records what each test writes to the console, and prints nothing. The standard output is not a terminal, even if Jest runs in one.
 *
 * @returns a function that returns the output of the running test
 */
export function consoleForEachTest(): () => ConsoleOutput {
  let output: Record<keyof ConsoleOutput, string[]>;
  const recordIn = (name: 'printed' | 'errors') => (line: string) => {
    output[name].push(line);
    output.lines.push(line);
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
