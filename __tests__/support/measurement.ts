import { expectation } from '../../modules/auth/expectation';
import type { ExpectedLogin } from '../../contract/logins';
import { causeOf } from '../../functions/auth-matrix/cause';
import type { MeasuredLogin, Measurement } from '../../functions/auth-matrix/measure';
import type { Observation } from '../../functions/auth-matrix/observation';

const CONNECTED: Observation = { observed: 'o', milliseconds: 12, code: null, reason: null };
const REFUSED: Observation = {
  observed: 'x',
  milliseconds: null,
  code: 'ER_ACCESS_DENIED_ERROR',
  reason: 'it does not accept the password or token',
};
const AWAY: Observation = {
  observed: '–',
  milliseconds: null,
  code: 'ETIMEDOUT',
  reason: 'it does not answer in time',
};

function measured(login: ExpectedLogin, met: Observation): MeasuredLogin {
  return { ...login, ...met, agrees: met.observed === login.expected, cause: causeOf(login, met) };
}

/** Both proxies and IAM on the instance; everything as expected. */
const expected = expectation({
  environment: 'test',
  iamAuthentication: true,
  requireSecureTransport: false,
  proxies: {
    'password-proxy': { requireTls: false, iamAuth: 'DISABLED' },
    'iam-proxy': { requireTls: true, iamAuth: 'REQUIRED' },
  },
});

export const agreeing: Measurement = {
  agrees: true,
  environment: 'test',
  region: 'eu-central-1',
  measuredAt: '2026-01-31T12:00:00.123Z',
  settings: expected.settings,
  probes: expected.logins.map((login) => measured(login, login.expected === 'o' ? CONNECTED : REFUSED)),
};

/** The same with every kind of difference: refused, let in, away. */
export const differing: Measurement = {
  ...agreeing,
  agrees: false,
  probes: agreeing.probes.map((probe, index) => {
    const met = [undefined, REFUSED, AWAY, CONNECTED][index];
    return met ? measured(probe, met) : probe;
  }),
};
