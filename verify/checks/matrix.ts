import { bodyOf, statusAndType, type HttpResponse } from '../http-response';
import {
  responseOf,
  byCalling,
  checked,
  failedRouteRow,
  urlOf,
  type Check,
  type CheckContext,
  type Row,
} from '../check';

const PATH = '/auth-matrix';

/** A login in the response of `GET /auth-matrix`. */
interface Probe {
  readonly login: string;
  readonly target: string;
  readonly tls: boolean;
  readonly expected: string;
  readonly observed: string;
  readonly reason: string | null;
}

const OUTCOMES: Readonly<Record<string, string>> = { o: 'connects', x: 'is refused', '–': 'cannot be used' };

/** Maximum number of measurements. A busy target may answer too late, so the check measures again. */
const MAX_MEASUREMENTS = 3;
/** Reason that `functions/auth-matrix/observation.ts` gives for a timeout. */
const TOO_LATE = 'the endpoint does not answer in time';

/** Compares the outcome of every login with the one that the settings imply, and requests the matrix as HTML. */
export const matrix: Check = {
  title: 'Login matrix',
  rows: async function* (context) {
    if (!context.outputs.deployed.routes.some(({ path }) => path === PATH)) return;
    const first = responseOf(context, PATH);
    if (first === undefined) {
      yield failedRouteRow('every login', 'as expected', PATH);
      return;
    }
    const response = await repeatWhileLate(context, first);
    const probes = probesOf(response);
    yield* probes.map(toRow);
    const agrees = bodyOf(response)['agrees'] === true && probes.length > 0;
    const expected = 'every login as expected';
    yield checked(`GET ${PATH}`, expected, agrees ? expected : 'not every login as expected');
    yield await checkPage(context);
  },
};

/** Measures again, up to the limit, while an unexpected outcome comes from a target that answers too late. */
async function repeatWhileLate(context: CheckContext, first: HttpResponse): Promise<HttpResponse> {
  let response = first;
  for (let count = 1; count < MAX_MEASUREMENTS && isLate(response); count += 1) {
    const repeated = await context.caller.call(urlOf(context, PATH)).catch(() => undefined);
    if (repeated?.status === 200) response = repeated;
  }
  return response;
}

function probesOf(response: HttpResponse): readonly Probe[] {
  const { probes } = bodyOf(response);
  return Array.isArray(probes) ? (probes as Probe[]) : [];
}

const isLate = (response: HttpResponse): boolean =>
  probesOf(response).some(({ expected, observed, reason }) => expected !== observed && reason === TOO_LATE);

function toRow({ login, target, tls, expected, observed, reason }: Probe): Row {
  const what = `login by ${login === 'iam' ? 'IAM' : login} at ${target} ${tls ? 'over' : 'without'} TLS`;
  const outcome = (sign: string): string => OUTCOMES[sign] ?? sign;
  const seen = expected === observed || reason === null ? outcome(observed) : `${outcome(observed)}: ${reason}`;
  return checked(what, outcome(expected), seen);
}

function checkPage(context: CheckContext): Promise<Row> {
  const call = () => context.caller.call(urlOf(context, PATH), { headers: { accept: 'text/html' } });
  return byCalling(`GET ${PATH} in a browser`, '200 text/html; charset=utf-8', call, statusAndType);
}
