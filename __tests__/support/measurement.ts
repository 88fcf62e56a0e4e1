import { expectation, type DeployedLogins } from '../../modules/auth/expectation';
import type { ExpectedLogin } from '../../contract/logins';
import { causeOf } from '../../functions/auth-matrix/cause';
import type { MeasuredLogin, Measurement } from '../../functions/auth-matrix/measure';
import type { Observation } from '../../functions/auth-matrix/observation';

const CONNECTED: Observation = { observed: 'o', milliseconds: 12, code: null, reason: null };
const REFUSED: Observation = {
  observed: 'x',
  milliseconds: null,
  code: 'ER_ACCESS_DENIED_ERROR',
  reason: 'the endpoint does not accept the password or token',
};
const TIMED_OUT: Observation = {
  observed: '–',
  milliseconds: null,
  code: 'ETIMEDOUT',
  reason: 'the endpoint does not answer in time',
};

function measuredLogin(login: ExpectedLogin, observation: Observation): MeasuredLogin {
  return {
    ...login,
    ...observation,
    agrees: observation.observed === login.expected,
    cause: causeOf(login, observation),
  };
}

/** Returns a measurement in which every login has the expected outcome. */
function agreeingWith(proxies: DeployedLogins['proxies']): Measurement {
  const deployed = { environment: 'test', iamAuthentication: true, requireSecureTransport: false, proxies };
  const { environment, settings, logins } = expectation(deployed);
  return {
    agrees: true,
    environment,
    region: 'eu-central-1',
    measuredAt: '2026-01-31T12:00:00.123Z',
    settings,
    probes: logins.map((login) => measuredLogin(login, login.expected === 'o' ? CONNECTED : REFUSED)),
  };
}

const iamProxy = { requireTls: true, iamAuth: 'REQUIRED' } as const;

/** Every login has the expected outcome. The instance has IAM authentication, and both proxies exist. */
export const agreeingMeasurement = agreeingWith({
  'password-proxy': { requireTls: false, iamAuth: 'DISABLED' },
  'iam-proxy': iamProxy,
});

/** Every login has the expected outcome. The only proxy is the IAM proxy, which logs in to the instance by IAM. */
export const endToEndMeasurement = agreeingWith({ 'iam-proxy': { ...iamProxy, upstream: 'iam' } });

/** Like `agreeingMeasurement`, but with three unexpected outcomes: one login is refused, one times out, and one connects. */
export const differingMeasurement: Measurement = {
  ...agreeingMeasurement,
  agrees: false,
  probes: agreeingMeasurement.probes.map((probe, index) => {
    const observation = [undefined, REFUSED, TIMED_OUT, CONNECTED][index];
    return observation ? measuredLogin(probe, observation) : probe;
  }),
};
