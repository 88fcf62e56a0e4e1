import { AlreadyShown } from '../cli/phases';
import type { Saves } from './saves';

export interface ApplySavesOptions {
  readonly saves: Pick<Saves, 'next'>;
  /** Ends the wait for saves. An `apply` that fails after the abort is not reported. */
  readonly signal: AbortSignal;
  /** Applies the current configuration. Its error is printed, unless it is an `AlreadyShown`. The next save then tries again. */
  readonly apply: () => Promise<void>;
}

/** Applies each save, until the signal is aborted. Files saved while `apply` runs are applied after it. */
export async function applySaves({ saves, signal, apply }: ApplySavesOptions): Promise<void> {
  for (;;) {
    const files = await saves.next(signal);
    if (files === undefined) return;
    console.log(`\nSaved: ${files.join(', ')}`);
    try {
      await apply();
    } catch (error) {
      // A stop interrupts `apply`; that is no failure.
      if (signal.aborted) return;
      if (!(error instanceof AlreadyShown)) console.error((error as Error).message);
      console.log('The deployment keeps running with what has been applied so far. Save a file to try again.');
    }
  }
}
