/**
 * Whether an event is the one of the schedule that keeps a function active: Lambda gives up the network interface of a
 * function in a VPC that is idle for two weeks, and the next invocation fails. Nothing else is to be done for it.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
 */
export const isKeepActive = (event: unknown): boolean =>
  (Object(event) as { readonly keepActive?: unknown }).keepActive === true;
