import type * as Token from '../../../local/rds/login/token';
import { RunningDeployment } from '../support/running-deployment';
import { away } from './away';
import { connections } from './connections';
import { ROUTES } from '../support/load';
import { rotations } from './rotations';

const MINUTE_MS = 60_000;
const TOKEN_SECONDS = 900;

/** Time by which the endpoints' clocks are ahead of the signers' clocks. */
let mockAheadSeconds = 0;

jest.mock<typeof Token>('../../../local/rds/login/token', () => {
  const token = jest.requireActual<typeof Token>('../../../local/rds/login/token');
  const now = (): Date => new Date(Date.now() + mockAheadSeconds * 1000);
  return { ...token, refusalOf: (text, user, audience) => token.refusalOf(text, user, audience, now()) };
});

/** Sets the clocks of the endpoints ahead, so that a token is valid only for this time. */
const lastToken = (seconds: number): void => void (mockAheadSeconds = TOKEN_SECONDS - seconds);

jest.setTimeout(5 * MINUTE_MS);

const running = new RunningDeployment();

beforeAll(async () => {
  await running.start();
  // Starts as many containers of each function as the loads need.
  for (const path of ROUTES) await Promise.all([path, path, path, path].map((one) => running.get(one)));
}, 15 * MINUTE_MS);

afterAll(() => running.stop(), MINUTE_MS);

describe('under load: rotations', () => rotations(running));
describe('under load: connections', () => connections(running, lastToken));
describe('under load: unreachable services', () => away(running));
