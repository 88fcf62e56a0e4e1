import type { Target } from '../shared/target';
import type { ExpectedLogin, Expectation, TargetName } from '../../contract/logins';
import type { Login, Logins } from './logins';
import type { Observation } from './observation';
import { probe } from './probe';

/** One way to log in: what must come of it, and what did. */
export interface MeasuredLogin extends ExpectedLogin, Observation {
  readonly agrees: boolean;
}

/** The answer of the route. */
export interface Measurement {
  /** Whether every login is as expected. */
  readonly agrees: boolean;
  readonly settings: Expectation['settings'];
  readonly probes: readonly MeasuredLogin[];
}

/** Probes one login after the other until one is not refused. */
async function probeEach(target: Target, logins: readonly Login[], tls: boolean): Promise<Observation> {
  const [first, ...others] = logins;
  if (first === undefined) throw new Error('There is no login to probe');
  let observation = await probe(target, first, tls);
  for (const login of others) {
    if (observation.code !== 'ER_ACCESS_DENIED_ERROR') break;
    observation = await probe(target, login, tls);
  }
  return observation;
}

/** Tries every login, side by side. */
export async function measure(
  { settings, logins: expected }: Expectation,
  targets: ReadonlyMap<TargetName, Target>,
  loginOf: Logins,
): Promise<Measurement> {
  const probes = await Promise.all(
    expected.map(async (login) => {
      const target = targets.get(login.target);
      if (target === undefined) throw new Error(`${login.target} is not among the targets of this function`);
      const observation = await probeEach(target, await loginOf(login, target), login.tls);
      return { ...login, ...observation, agrees: observation.observed === login.expected };
    }),
  );
  return { agrees: probes.every(({ agrees }) => agrees), settings, probes };
}
