import type { z } from 'zod';
import type { Problem } from '../problem';
import type { schema } from '../schema';

/** Settings as the schema returns them: with defaults, and each single setting valid. */
export type ParsedSettings = z.output<typeof schema>;

/** A violation of a rule. If the violation has no value, `withValues` adds the setting's value. */
export type Violation = Omit<Problem, 'value'> & { readonly value?: unknown };

/**
 * A rule that the schema cannot express. Most rules compare several settings. A rule runs only if each setting that it reads is valid by
 * itself.
 */
export interface Rule {
  readonly reads: readonly string[];
  check(settings: ParsedSettings): readonly Violation[];
}

/** Returns a list with one violation if the condition holds, otherwise an empty list. */
export function problemIf(
  condition: boolean,
  setting: string,
  rule: string,
  remedy: string,
  value?: unknown,
): readonly Violation[] {
  return condition ? [{ setting, rule, remedy, ...(value !== undefined && { value }) }] : [];
}

/** Makes a problem of each violation: adds the setting's value if the violation has none. */
export const withValues = (violations: readonly Violation[], settings: ParsedSettings): Problem[] =>
  violations.map((violation) => ({ value: valueAt(settings, violation.setting.split('.')), ...violation }));

/** Returns the value at a path; `undefined` if there is none. */
export const valueAt = (settings: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((at, key) => (Object(at) as Record<PropertyKey, unknown>)[key], settings);
