/**
 * Returns whether the event comes from the schedule that keeps a function active. A handler then returns at once.
 *
 * If a function in a VPC is idle for two weeks, Lambda removes its network interface, and the next invocation fails.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
 */
export const isKeepActive = (event: unknown): boolean =>
  (Object(event) as { readonly keepActive?: unknown }).keepActive === true;
