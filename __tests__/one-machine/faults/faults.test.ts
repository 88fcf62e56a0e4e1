import { RunningDeployment } from '../support/running-deployment';
import { unreachableServices } from './unreachable-services';
import { connections } from './connections';
import { ROUTES } from '../support/load';
import { rotations } from './rotations';

const MINUTE_MS = 60_000;

jest.setTimeout(5 * MINUTE_MS);

const running = new RunningDeployment();

beforeAll(async () => {
  await running.start();
  // Starts as many containers of each function as the loads need.
  for (const path of ROUTES) await Promise.all([path, path, path, path].map((one) => running.get(one)));
}, 15 * MINUTE_MS);

afterAll(() => running.stop(), MINUTE_MS);

describe('under load: rotations', () => rotations(running));
describe('under load: connections', () => connections(running));
describe('under load: unreachable services', () => unreachableServices(running));
