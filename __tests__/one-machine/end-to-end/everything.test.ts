import { applied, destroyed } from './applied';
import { breaks } from './breaks';
import { browser } from './browser';
import { calls } from './calls';
import { changes } from './changes';
import { clients } from './clients';
import { deployersPolicy, recordCalls } from './deployer-policy';
import { documentedCalls } from './documented-calls';
import { RunningDeployment } from '../support/running-deployment';
import { keyRotation } from './key-rotation';
import { logins } from './logins';
import { refusals } from './refusals';
import { resume } from './resume';
import { runbook } from './runbook';
import { verified } from './verified';

const MINUTE_MS = 60_000;

// One test file, because the deployment is applied only once. Its parts are in this folder.
const running = new RunningDeployment();

beforeAll(() => {
  recordCalls(running);
  return running.start();
}, 10 * MINUTE_MS);
afterAll(() => running.stop(), MINUTE_MS);

applied(running);
calls(running);
documentedCalls(running);
browser(running);
keyRotation(running);
clients(running);
logins(running);
refusals(running);
verified(running);
breaks(running);
resume(running);
runbook(running);
changes(running);
destroyed(running);
deployersPolicy(running);
