import { z } from 'zod';
import { show } from './problem';

type Alternatives = readonly [z.core.$ZodTypeDiscriminable, ...z.core.$ZodTypeDiscriminable[]];

/**
 * Accepts one of several objects, chosen by one of their fields. The examples, at least one for each alternative, appear in error
 * messages and in the reference. Each field of each alternative must be in an example. If the user sets a field that the
 * chosen alternative does not have, `unknownSetting` searches the examples for it.
 */
export function choice<const T extends Alternatives>(
  field: string,
  alternatives: T,
  examples: readonly object[],
): z.ZodDiscriminatedUnion<T> {
  const forms = examples.map(literal);
  return z
    .discriminatedUnion(field, alternatives, {
      // zod uses this message if the value is no object, or its `field` fits no alternative. Other fields have their own messages.
      error: `must be ${forms.slice(0, -1).join(', ')} or ${forms.at(-1) ?? ''}`,
    })
    .meta({ examples: [...examples] });
}

type Off = z.ZodObject<{ enabled: z.ZodLiteral<false> }, z.core.$strict>;
type On<T> = z.ZodObject<{ enabled: z.ZodLiteral<true> } & T, z.core.$strict>;

/** Accepts `{ enabled: false }`, and `{ enabled: true }` with further settings. @param examples of the second form */
export function switchable<T extends z.core.$ZodLooseShape>(
  settings: T,
  examples: readonly object[],
): z.ZodDiscriminatedUnion<readonly [Off, On<T>]> {
  const off = z.strictObject({ enabled: z.literal(false) });
  const on = z.strictObject({ enabled: z.literal(true), ...settings });
  return choice('enabled', [off, on], [{ enabled: false }, ...examples]);
}

/** Formats an object as a TypeScript literal. */
export function literal(example: object): string {
  const fields = Object.entries(example).map(([key, value]) => `${key}: ${show(value)}`);
  return `{ ${fields.join(', ')} }`;
}
