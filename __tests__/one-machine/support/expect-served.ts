import { ROUTE_NAMES, routeOf } from '../../../contract/routes';
import { deployedRoutes } from '../../../modules/settings/deployed-routes';
import { parseSettings, type Environment } from '../../../modules/settings/settings';
import { measureMatrix } from './measure-matrix';
import type { RunningDeployment } from './running-deployment';

/** Expects that the API serves exactly the routes of an environment. */
export async function expectRoutesOf(environment: Environment, running: RunningDeployment): Promise<void> {
  const deployed = deployedRoutes(parseSettings(environment));
  for (const name of ROUTE_NAMES) {
    const { path } = routeOf(name);
    const { status, text } = await running.get(path);
    // The comparison includes the text of a 502, so that a failed test shows why the route failed.
    const reason = status === 502 ? text : '';
    expect([path, status, reason]).toEqual([path, deployed.includes(name) ? 200 : 404, '']);
  }
}

/** Expects that each login of the matrix has the expected outcome. */
export async function expectMatrixAgrees(running: RunningDeployment): Promise<void> {
  const { probes } = await measureMatrix(running);
  expect(probes.filter(({ agrees }) => !agrees)).toEqual([]);
}
