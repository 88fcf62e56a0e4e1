import type { z } from 'zod';
import type { Problem } from '../problem';
import type { schema } from '../schema';

/** The settings as the schema leaves them: every default filled in, every single setting in order. */
export type ParsedSettings = z.output<typeof schema>;

/** A rule between settings. It runs only where the settings it reads are in order themselves. */
export interface Rule {
  /** Paths of the settings that the rule reads. */
  readonly reads: readonly string[];
  check(settings: ParsedSettings): readonly Problem[];
}

/** The problem, as a list to be joined with others, if the condition is there. */
export function problemIf(
  condition: boolean,
  setting: string,
  rule: string,
  value: unknown,
  remedy: string,
): readonly Problem[] {
  return condition ? [{ setting, rule, value, remedy }] : [];
}
