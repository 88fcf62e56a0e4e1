import { describeResponse } from '../http-response';
import { responseOf, checked, failedRouteRow, urlOf, type Check, type CheckContext, type Row } from '../check';

/** Same limit as the alarm `api-latency`. */
const LIMIT_MS = 3000;

const MATRIX = '/auth-matrix';

/** The matrix reads a secret, then tries all logins in parallel: at most two tries of 3 s each. The other 9 s are a margin. */
const MATRIX_LIMIT_MS = 15_000;

const CALLS = 5;

/** Checks response times. HEAD does the work of GET, but stores nothing. */
export const times: Check = {
  title: 'Response times',
  rows: async function* (context) {
    for (const { path } of context.outputs.deployed.routes) {
      yield path === MATRIX ? timeOfMatrix(context) : await timesOf(context, path);
    }
  },
};

/** Uses the response that the check `routes` got, because another GET would repeat every login. */
function timeOfMatrix(context: CheckContext): Row {
  const response = responseOf(context, MATRIX);
  const what = `GET ${MATRIX}`;
  const expected = `at most ${MATRIX_LIMIT_MS} ms`;
  if (response === undefined) return failedRouteRow(what, expected, MATRIX);
  return checked(what, expected, `${response.milliseconds} ms`, response.milliseconds <= MATRIX_LIMIT_MS);
}

async function timesOf(context: CheckContext, path: string): Promise<Row> {
  const what = `HEAD ${path}, median of ${CALLS}`;
  const expected = `at most ${LIMIT_MS} ms`;
  if (!responseOf(context, path)) return failedRouteRow(what, expected, path);
  try {
    const measured: number[] = [];
    for (let call = 0; call < CALLS; call += 1) {
      const response = await context.caller.call(urlOf(context, path), { method: 'HEAD' });
      // The time of a refusal, such as a 429, says nothing about the route.
      if (response.status !== 200) return checked(what, expected, describeResponse(response), false);
      measured.push(response.milliseconds);
    }
    const median = medianOf(measured);
    return checked(what, expected, `${median} ms`, median <= LIMIT_MS);
  } catch (error) {
    return checked(what, expected, `no answer: ${(error as Error).message}`, false);
  }
}

const medianOf = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
