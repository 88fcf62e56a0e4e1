import { bodyOf, describe, type Answer } from '../answer';
import { byCalling, urlOf, works, type Check, type Context } from '../check';
import { checked, notChecked, type Row } from '../row';

const PATH = '/auth-matrix';

/** A login in the answer of `GET /auth-matrix`. */
interface Probe {
  readonly login: string;
  readonly target: string;
  readonly tls: boolean;
  readonly expected: string;
  readonly observed: string;
  readonly reason: string | null;
}

const OUTCOMES: Readonly<Record<string, string>> = { o: 'connects', x: 'is refused', '–': 'finds nothing to use' };

/** Measures every login again if a busy target answers too late. */
const MEASUREMENTS = 3;
const TOO_LATE = 'it does not answer in time';

/** Compares every way to log in with the outcome that the settings imply. */
export const matrix: Check = {
  title: 'Login matrix',
  rows: async function* (context) {
    if (!context.outputs.deployed.routes.some(({ path }) => path === PATH)) return;
    if (!works(context, PATH)) {
      yield notChecked('every login', 'as expected', `GET ${PATH} fails`);
      return;
    }
    yield* rowsOf(await measured(context));
    yield await page(context);
  },
};

async function measured(context: Context): Promise<Answer | undefined> {
  let answer = context.answers.get(PATH);
  for (let count = 1; count < MEASUREMENTS && isLate(answer); count += 1) {
    answer = await context.caller.call(urlOf(context, PATH)).catch(() => answer);
  }
  return answer;
}

const probesOf = (answer: Answer | undefined): readonly Probe[] => {
  const { probes } = bodyOf(answer ?? { text: '' });
  return Array.isArray(probes) ? (probes as Probe[]) : [];
};

const isLate = (answer: Answer | undefined): boolean =>
  probesOf(answer).some(({ expected, observed, reason }) => expected !== observed && reason === TOO_LATE);

function rowsOf(answer: Answer | undefined): Row[] {
  const probes = probesOf(answer);
  const { agrees } = bodyOf(answer ?? { text: '' });
  return [
    ...probes.map(toRow),
    checked(`GET ${PATH}`, 'agrees', agrees === true && probes.length > 0 ? 'agrees' : 'does not agree'),
  ];
}

function toRow({ login, target, tls, expected, observed, reason }: Probe): Row {
  const what = `login by ${login === 'iam' ? 'IAM' : login} at ${target} ${tls ? 'over' : 'without'} TLS`;
  const outcome = (sign: string): string => OUTCOMES[sign] ?? sign;
  if (expected === observed) return checked(what, outcome(expected), outcome(observed));
  return checked(what, outcome(expected), `${outcome(observed)}${reason === null ? '' : `: ${reason}`}`, false);
}

function page(context: Context): Promise<Row> {
  const what = `GET ${PATH} in a browser`;
  const expected = '200 text/html; charset=utf-8';
  return byCalling(
    what,
    expected,
    () => context.caller.call(urlOf(context, PATH), { headers: { accept: 'text/html' } }),
    (answer) =>
      checked(
        what,
        expected,
        answer.status === 200 ? `200 ${String(answer.headers['content-type'])}` : describe(answer),
      ),
  );
}
