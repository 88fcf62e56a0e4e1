import type { HttpResponse } from './http-response';
import { isMissing, whyAwsFailed, type Aws } from './aws';
import type { Caller } from './caller';
import type { Outputs, RawOutputs } from './outputs';

export type CheckOutcome = 'as expected' | 'different' | 'not checked';

/** One line of the table: what is checked, the expected result and the actual result. */
export interface Row {
  readonly what: string;
  readonly expected: string;
  readonly seen: string;
  readonly outcome: CheckOutcome;
}

/** Makes a row: "as expected" if `isRight`, else "different". */
export function checked(what: string, expected: string, seen: string, isRight = seen === expected): Row {
  return { what, expected, seen, outcome: isRight ? 'as expected' : 'different' };
}

/** Makes a row for a check that was not possible. */
export function notChecked(what: string, expected: string, why: string): Row {
  return { what, expected, seen: `not checked: ${why}`, outcome: 'not checked' };
}

/** Input of the checks. */
export interface CheckContext {
  readonly outputs: Outputs;
  readonly rawOutputs: RawOutputs;
  readonly caller: Caller;
  readonly aws: Aws;
  /** Responses to the first GET of each route, by path. A route whose connection failed has none. */
  readonly responses: Map<string, HttpResponse>;
}

/** A check, whose rows stand under one title. */
export interface Check {
  readonly title: string;
  readonly rows: (context: CheckContext) => AsyncIterable<Row> | Iterable<Row>;
}

/** Sends a request and compares the response. If none arrives, the row is "different". */
export async function byCalling(
  what: string,
  expected: string,
  call: () => Promise<HttpResponse>,
  seenIn: (response: HttpResponse) => string,
): Promise<Row> {
  try {
    return checked(what, expected, seenIn(await call()));
  } catch (error) {
    return checked(what, expected, `no answer: ${(error as Error).message}`, false);
  }
}

/**
 * Sends a request to AWS and turns the result into rows. A failed request gives one row: "different" if the resource does not exist,
 * else "not checked".
 */
export async function byAwsRequest<T>(
  what: string,
  expected: string,
  action: string,
  request: () => Promise<T>,
  toRows: (result: T) => readonly Row[],
): Promise<readonly Row[]> {
  try {
    return toRows(await request());
  } catch (error) {
    if (isMissing(error)) return [checked(what, expected, 'it does not exist', false)];
    return [notChecked(what, expected, whyAwsFailed(action, error))];
  }
}

/** Returns the response to the first GET of a route; `undefined` if there is none, or its status is not 200. */
export function responseOf({ responses }: CheckContext, path: string): HttpResponse | undefined {
  const response = responses.get(path);
  return response?.status === 200 ? response : undefined;
}

/** Makes a row "not checked": the check needs the response to the first GET of a route, and that GET failed. */
export const failedRouteRow = (what: string, expected: string, path: string): Row =>
  notChecked(what, expected, `GET ${path} fails`);

/** URL of a path behind CloudFront. */
export const urlOf = ({ outputs }: CheckContext, path: string): string => `${outputs.api_url ?? ''}${path}`;

/** URL of a path at API Gateway itself. */
export const directUrlOf = ({ outputs }: CheckContext, path: string): string =>
  `${outputs.api_gateway_url ?? ''}${path}`;
