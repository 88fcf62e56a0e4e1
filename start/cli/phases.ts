import { Listr, PRESET_TIMER } from 'listr2';

/** A visible part of the start. */
export interface Phase {
  readonly title: string;
  /** Why the phase is skipped. @default false - it is not skipped */
  readonly skip?: string | false;
  /** @param show takes the current activity, which is visible in a terminal or with `verbose` */
  readonly work: (show: (line: string) => void) => Promise<void>;
}

export interface PhasesOptions {
  /** Once it is aborted, no further phase starts. If the current phase then fails, the signal's reason replaces its error. */
  readonly signal: AbortSignal;
  /** Prints every line that a phase shows, also in a terminal. */
  readonly verbose: boolean;
}

/** A phase failed, and the screen already shows its error. `cause` is that error. */
export class AlreadyShown extends Error {}

/**
 * Runs phases in sequence. A terminal shows a list with their durations. With `verbose`, or without a terminal, each phase prints one
 * line when it starts.
 *
 * @throws AlreadyShown if a phase fails.
 */
export async function runPhases(phases: readonly Phase[], options: PhasesOptions): Promise<void> {
  const stoppable = phases.map((phase) => ({ ...phase, work: stoppableWork(phase, options.signal) }));
  const run = process.stdout.isTTY && !options.verbose ? runInTerminal : runAsLines;
  try {
    await run(stoppable, options.verbose);
  } catch (cause) {
    throw new AlreadyShown(undefined, { cause });
  }
}

/** Seconds since the start of the process. */
export const elapsed = (): number => performance.now() / 1_000;

function stoppableWork({ work }: Phase, signal: AbortSignal): Phase['work'] {
  return async (show) => {
    signal.throwIfAborted();
    try {
      await work(show);
    } catch (error) {
      // If the phase fails because it was stopped, the reason of the stop is the error to report.
      signal.throwIfAborted();
      throw error;
    }
  };
}

async function runInTerminal(phases: readonly Phase[]): Promise<void> {
  const tasks = phases.map(({ title, skip, work }) => ({
    title,
    ...(skip && { skip }),
    task: (_context: unknown, task: { output: string }) => work((line) => (task.output = line)),
  }));
  await new Listr(tasks, { registerSignalListeners: false, rendererOptions: { timer: PRESET_TIMER } }).run();
}

/** Runs phases and prints a line for each, with the seconds since the start in front. */
async function runAsLines(phases: readonly Phase[], verbose: boolean): Promise<void> {
  for (const { title, skip, work } of phases) {
    console.log(`${elapsed().toFixed(0).padStart(4)} s  ${title}${skip ? `: ${skip}` : ''}`);
    if (skip) continue;
    try {
      await work(verbose ? console.log : () => undefined);
    } catch (error) {
      console.error((error as Error).message);
      throw error;
    }
  }
}
