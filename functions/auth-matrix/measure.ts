import type { ExpectedLogin, Expectation, TargetName } from '../../contract/logins';
import { isAccessDenied } from '../shared/database/error-codes';
import type { Target } from '../shared/database/target';
import { causeOf } from './cause';
import type { FindCredentials, CredentialsToTry } from './logins';
import type { Observation } from './observation';
import { probe } from './probe';

/** One way to log in, with its expected and its measured outcome. */
export interface MeasuredLogin extends ExpectedLogin, Observation {
  readonly agrees: boolean;
  /** Cause of a failure. `null` if the login connected. */
  readonly cause: string | null;
}

/** The answer of the route. */
export interface Measurement {
  /** Whether every login has its expected outcome. */
  readonly agrees: boolean;
  readonly environment: string;
  readonly region: string;
  /** Start of the measurement, ISO 8601. */
  readonly measuredAt: string;
  readonly settings: Expectation['settings'];
  readonly probes: readonly MeasuredLogin[];
}

/** Tries the current login and, if access is denied, the previous one: a proxy may not have noticed the last rotation yet. */
async function probeInOrder(target: Target, [current, previous]: CredentialsToTry, tls: boolean): Promise<Observation> {
  const observation = await probe(target, current, tls);
  return previous !== undefined && isAccessDenied(observation) ? probe(target, previous, tls) : observation;
}

/** Tries every login, in parallel. */
export async function measure(
  { environment, settings, logins: expected }: Expectation,
  region: string,
  targets: ReadonlyMap<TargetName, Target>,
  loginsOf: FindCredentials,
): Promise<Measurement> {
  const measuredAt = new Date().toISOString();
  const probes = await Promise.all(
    expected.map(async (login) => {
      const target = targets.get(login.target);
      if (target === undefined) throw new Error(`${login.target} is not among the targets of this function`);
      const observation = await probeInOrder(target, await loginsOf(login, target), login.tls);
      const agrees = observation.observed === login.expected;
      return { ...login, ...observation, agrees, cause: causeOf(login, observation) };
    }),
  );
  return { agrees: probes.every(({ agrees }) => agrees), environment, region, measuredAt, settings, probes };
}
