import type { z } from 'zod';
import type { Problem } from '../problem';
import type { schema } from '../schema';

/** Settings after the schema: with defaults, and each single setting valid. */
export type ParsedSettings = z.output<typeof schema>;

/** A rule between settings. It runs only if each setting that it reads is valid by itself. */
export interface Rule {
  /** Paths of the settings that the rule reads. */
  readonly reads: readonly string[];
  check(settings: ParsedSettings): readonly Problem[];
}

/** Returns a list with the problem if the condition holds, otherwise an empty list. */
export function problemIf(
  condition: boolean,
  setting: string,
  rule: string,
  value: unknown,
  remedy: string,
): readonly Problem[] {
  return condition ? [{ setting, rule, value, remedy }] : [];
}
