import { once } from 'node:events';

/** Signals within this time count as one request: one Ctrl-C can arrive twice, from the terminal and from npm. */
const ONE_REQUEST_MS = 1_000;

/** Time limit for stopping everything after a failure. */
const STOP_SECONDS = 60;

/** Interval at which this process checks that npm, its parent, still runs. */
const PARENT_INTERVAL_MS = 1_000;

/** Waits for a reason to stop `npm start`: a signal, the end of npm, or a failure. */
export class StopRequests {
  private readonly stopping = new AbortController();
  /** Resolves when the first request arrives. */
  readonly requested = once(this.stopping.signal, 'abort');
  /** Time of the first signal, or of the end of npm. */
  private firstAt = Infinity;

  constructor() {
    // Signals of Ctrl-C, of a service manager, and of a closing terminal.
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => this.stop());
    // Last resort for errors that no code caught.
    for (const name of ['uncaughtException', 'unhandledRejection'] as const)
      process.on(name, (error) => this.failUnexpectedly(error));
    // A write fails if the output is closed, for example because `head` has ended. That alone is no reason to stop.
    for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
    this.watchParent();
  }

  /** Aborted on the first request; its reason is an Error. */
  get signal(): AbortSignal {
    return this.stopping.signal;
  }

  /** Prints the error, stops everything and exits with status 1. If a stop is under way, only sets the status. */
  fail(error: Error): void {
    process.exitCode = 1;
    if (this.signal.aborted) return;
    console.error(`\n${error.message}`);
    // After the exit, `local/processes/reaper.mjs` ends the remaining child processes.
    setTimeout(() => process.exit(1), STOP_SECONDS * 1_000).unref();
    this.stopping.abort(new Error('Stopped because of a failure.'));
  }

  /** Like `fail`, but prints the error with its stack, and prints it even if a stop is under way. */
  private failUnexpectedly(error: unknown): void {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const failure = new Error(`npm start has a fault and stops:\n${text}`, { cause: error });
    if (this.signal.aborted) console.error(`\n${failure.message}`);
    this.fail(failure);
  }

  /** Requests an orderly stop. A second request ends the process at once. */
  private stop(): void {
    if (Date.now() - this.firstAt > ONE_REQUEST_MS) process.exit(130);
    this.firstAt = Math.min(this.firstAt, Date.now());
    this.stopping.abort(new Error('Stopped by a signal, or because npm ended.'));
  }

  /** Stops when npm has ended. A killed npm forwards no signal, but this process then gets another parent. */
  private watchParent(): void {
    const parent = process.ppid;
    const timer = setInterval(() => {
      if (process.ppid === parent) return;
      clearInterval(timer);
      this.stop();
    }, PARENT_INTERVAL_MS);
    timer.unref();
  }
}
