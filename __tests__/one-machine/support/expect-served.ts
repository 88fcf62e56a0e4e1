import { measureMatrix } from './measure-matrix';
import type { RunningDeployment } from './running-deployment';

const PATHS = ['/', '/func1', '/func2', '/items', '/auth-matrix'];

/** Expects that the API serves exactly the deployed routes. */
export async function expectDeployedRoutes(running: RunningDeployment): Promise<void> {
  for (const path of PATHS) {
    const { status, text } = await running.get(path);
    const reason = status === 502 ? text : '';
    expect([path, status, reason]).toEqual([path, running.paths.includes(path) ? 200 : 404, '']);
  }
}

/** Expects that each login of the matrix has the expected outcome. */
export async function expectMatrixAgrees(running: RunningDeployment): Promise<void> {
  const { probes } = await measureMatrix(running);
  expect(probes.filter(({ agrees }) => !agrees)).toEqual([]);
}
