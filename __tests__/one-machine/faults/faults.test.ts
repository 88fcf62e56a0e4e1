import { RunningDeployment } from '../support/running-deployment';
import { ROUTES } from '../support/load';
import { testLostConnections } from './lost-connections';
import { testRotations } from './rotations';
import { testUnreachableServices } from './unreachable-services';

const MINUTE_MS = 60_000;

jest.setTimeout(5 * MINUTE_MS);

const running = new RunningDeployment();

beforeAll(async () => {
  await running.start();
  // A load makes up to four calls at a time, so each function needs up to four containers. These calls start them.
  for (const path of ROUTES) await Promise.all(Array.from({ length: 4 }, () => running.get(path)));
}, 15 * MINUTE_MS);

afterAll(() => running.stop(), MINUTE_MS);

testRotations(running);
testLostConnections(running);
testUnreachableServices(running);
