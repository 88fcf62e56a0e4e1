import type * as z from 'zod';

/**
 * Validates an event that Terraform sends to a function.
 *
 * @param rule start of the error message: what the event must be. For a function that makes changes, end with `Nothing was changed.`
 * @throws Error that lists the faults of the event.
 */
export function parseEvent<Event>(schema: z.ZodType<Event>, event: unknown, rule: string): Event {
  const { data, error } = schema.safeParse(event);
  if (error === undefined) return data;
  const problems = error.issues.map(({ path, message }) => `${path.join('.') || 'the event'}: ${message}`);
  throw new Error(
    `${rule} ${problems.join('; ')}. Terraform invokes this function with the right event: run \`cdktf deploy\`.`,
  );
}
