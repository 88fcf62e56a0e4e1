import { RunningDeployment } from '../support/running-deployment';
import { testAppliedDeployment, testDestroy } from './applied-deployment';
import { testBrokenDeployments } from './broken-deployments';
import { testCalls } from './calls';
import { testChangedSettings } from './changed-settings';
import { recordAwsCalls, testDeployerPolicy } from './deployer-policy';
import { testDocumentedCalls } from './documented-calls';
import { testLaterStart } from './later-start';
import { testLoginCommands } from './login-commands';
import { testNpmRunVerify } from './npm-run-verify';
import { testOperationsCommands } from './operations-commands';
import { testPageInBrowser } from './page-in-browser';
import { testPrintedCommands } from './printed-commands';
import { testRefusedLogins } from './refused-logins';

const MINUTE_MS = 60_000;

// Most tests start programs, such as Terraform and the AWS CLI, on a machine that may be busy.
jest.setTimeout(2 * MINUTE_MS);

// One test file, because the deployment is applied only once. Its parts are in this folder.
const running = new RunningDeployment();

beforeAll(() => {
  recordAwsCalls(running);
  return running.start();
}, 10 * MINUTE_MS);
beforeEach(() => running.logs.mark());
afterAll(() => running.stop());

testAppliedDeployment(running);
testCalls(running);
testDocumentedCalls(running);
testPageInBrowser(running);
testPrintedCommands(running);
testLoginCommands(running);
testRefusedLogins(running);
testNpmRunVerify(running);
testBrokenDeployments(running);
testLaterStart(running);
testOperationsCommands(running);
testChangedSettings(running);
testDestroy(running);
testDeployerPolicy(running);
