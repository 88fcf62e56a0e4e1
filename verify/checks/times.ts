import { urlOf, works, type Check, type Context } from '../check';
import { checked, notChecked, type Row } from '../row';

/** The alarm `api-latency` has the same limit. */
const LIMIT_MS = 3000;

/** The matrix waits for logins that get no answer, 3 s each, side by side, after reading a secret. */
const SLOW: Readonly<Record<string, number>> = { '/auth-matrix': 15_000 };

const CALLS = 5;

/** How long answers take. HEAD does the work of GET and stores nothing. */
export const times: Check = {
  title: 'Response times',
  rows: async function* (context) {
    for (const { path } of context.outputs.deployed.routes) yield await timesOf(context, path);
  },
};

async function timesOf(context: Context, path: string): Promise<Row> {
  const limit = SLOW[path] ?? LIMIT_MS;
  const calls = SLOW[path] === undefined ? CALLS : 1;
  const what = calls === 1 ? `HEAD ${path}` : `HEAD ${path}, median of ${calls}`;
  const expected = `at most ${limit} ms`;
  if (!works(context, path)) return notChecked(what, expected, `GET ${path} fails`);
  try {
    const measured: number[] = [];
    for (let call = 0; call < calls; call += 1) {
      measured.push((await context.caller.call(urlOf(context, path), { method: 'HEAD' })).milliseconds);
    }
    const median = medianOf(measured);
    return checked(what, expected, `${median} ms`, median <= limit);
  } catch (error) {
    return checked(what, expected, `no answer: ${(error as Error).message}`, false);
  }
}

const medianOf = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
