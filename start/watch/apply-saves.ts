import { AlreadyShown } from '../cli/phases';
import type { Saves } from './saves';

export interface ApplySavesOptions {
  readonly saves: Pick<Saves, 'next'>;
  /** Ends the wait for saves. A change that fails after the abort is not reported. */
  readonly signal: AbortSignal;
  /** Applies the current configuration. If it fails, its error is printed unless a phase has shown it, and the next save tries again. */
  readonly change: () => Promise<void>;
}

/** Applies saved changes one after the other, until the signal is aborted. Files saved during a change are applied after it. */
export async function applySaves({ saves, signal, change }: ApplySavesOptions): Promise<void> {
  for (;;) {
    const files = await saves.next(signal);
    if (files === undefined) return;
    console.log(`\nSaved: ${files.join(', ')}`);
    try {
      await change();
    } catch (error) {
      // A stop interrupts the change; that is no failure of the change.
      if (signal.aborted) return;
      if (!(error instanceof AlreadyShown)) console.error((error as Error).message);
      console.log('The deployment keeps running with what has been applied so far. Save a file to try again.');
    }
  }
}
