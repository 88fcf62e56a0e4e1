import { RunningDeployment } from '../support/running-deployment';
import { testAppliedDeployment, testDestroy } from './applied-deployment';
import { testChangedSettings } from './changed-settings';
import { recordAwsCalls, testDeployerPolicy } from './deployer-policy';
import { testLaterStart } from './later-start';
import { testOperationsCommands } from './operations-commands';

const MINUTE_MS = 60_000;

// Most tests start programs, such as Terraform and the AWS CLI, on a machine that may be busy.
jest.setTimeout(2 * MINUTE_MS);

// Tests what operators do to a deployment: start it again, run the documented commands, change settings, destroy it. The tests
// share the deployment, so one file runs all the parts.
const running = new RunningDeployment();

beforeAll(() => {
  recordAwsCalls(running);
  return running.start();
}, 10 * MINUTE_MS);
beforeEach(() => running.logs.mark());
afterAll(() => running.stop());

testAppliedDeployment(running);
testLaterStart(running);
testOperationsCommands(running);
testChangedSettings(running);
testDestroy(running);
testDeployerPolicy(running);
