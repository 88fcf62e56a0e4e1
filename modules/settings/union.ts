import { z } from 'zod';
import { show } from './problem';

type Alternatives = readonly [z.core.$ZodTypeDiscriminable, ...z.core.$ZodTypeDiscriminable[]];

/**
 * A setting that is one of several objects, chosen by one of their fields. The examples, one or more for each alternative, are
 * what a wrong value is answered with, and part of the reference.
 */
export function choice<const T extends Alternatives>(
  field: string,
  alternatives: T,
  examples: readonly object[],
): z.ZodDiscriminatedUnion<T> {
  const forms = examples.map(literal);
  return z
    .discriminatedUnion(field, alternatives, {
      error: ({ input }) => {
        // The problem is reported where the whole object is wrong; one with a single wrong field has a message of its own.
        if (input === undefined) return undefined;
        return `must be ${forms.slice(0, -1).join(', ')} or ${forms.at(-1) ?? ''}`;
      },
    })
    .meta({ examples: [...examples] });
}

/** An object as it would be written in TypeScript. */
export function literal(example: object): string {
  const fields = Object.entries(example).map(([key, value]) => `${key}: ${show(value)}`);
  return `{ ${fields.join(', ')} }`;
}
