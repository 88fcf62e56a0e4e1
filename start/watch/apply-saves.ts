import { AlreadyShown } from '../cli/phases';
import type { Saves } from './saves';

export interface ApplySavesOptions {
  readonly saves: Pick<Saves, 'next'>;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Applies what the configuration is now. What it throws is printed, and the next save tries again. */
  readonly change: () => Promise<void>;
}

/** Makes one change after the other of what is saved. What is saved during a change is taken up after it. */
export async function applySaves({ saves, signal, change }: ApplySavesOptions): Promise<void> {
  for (;;) {
    const files = await saves.next(signal);
    if (files === undefined) return;
    console.log(`\nSaved: ${files.join(', ')}`);
    try {
      await change();
    } catch (error) {
      // What Ctrl-C has ended is no failure.
      if (signal.aborted) return;
      if (!(error instanceof AlreadyShown)) console.error((error as Error).message);
      console.log('What was applied goes on. Save a file to try again.');
    }
  }
}
