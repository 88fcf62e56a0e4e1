import { RunningDeployment } from '../support/running-deployment';
import { testAppliedDeployment, testDestroy } from './applied-deployment';
import { testChangedSettings } from './changed-settings';
import { recordAwsCalls, testDeployerPolicy } from './deployer-policy';
import { testLaterStart } from './later-start';
import { testOperationsCommands } from './operations-commands';

const MINUTE_MS = 60_000;

// Most tests start programs, such as Terraform and the AWS CLI, on a machine that may be busy.
jest.setTimeout(2 * MINUTE_MS);

// One test file for everything that operators do to a deployment, because they share one, which they destroy at the end. Its parts are in
// this folder.
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
