import { AlreadyShown } from '../cli/phases';
import type { Saves } from './saves';

export interface ApplySavesOptions {
  readonly saves: Pick<Saves, 'next'>;
  /** Stops watching. */
  readonly signal: AbortSignal;
  /** Applies the current configuration. If it fails, the error is printed, and the next save tries again. */
  readonly change: () => Promise<void>;
}

/** Applies saved changes one after the other. Files saved during a change are applied after it. */
export async function applySaves({ saves, signal, change }: ApplySavesOptions): Promise<void> {
  for (;;) {
    const files = await saves.next(signal);
    if (files === undefined) return;
    console.log(`\nSaved: ${files.join(', ')}`);
    try {
      await change();
    } catch (error) {
      // An abort by Ctrl-C is not a failure.
      if (signal.aborted) return;
      if (!(error instanceof AlreadyShown)) console.error((error as Error).message);
      console.log('The deployment keeps running with what has been applied so far. Save a file to try again.');
    }
  }
}
