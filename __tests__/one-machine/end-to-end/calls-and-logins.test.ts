import { RunningDeployment } from '../support/running-deployment';
import { testBrokenDeployments } from './broken-deployments';
import { testCalls } from './calls';
import { testDocumentedCalls } from './documented-calls';
import { testLoginCommands } from './login-commands';
import { testNpmRunVerify } from './npm-run-verify';
import { testPageInBrowser } from './page-in-browser';
import { testPrintedCommands } from './printed-commands';
import { testRefusedLogins } from './refused-logins';

const MINUTE_MS = 60_000;

// Some tests start programs, such as the AWS CLI, on a machine that may be busy.
jest.setTimeout(2 * MINUTE_MS);

// Tests what callers and database users can observe. The tests share a deployment, so one file runs all the parts.
const running = new RunningDeployment();

beforeAll(() => running.start(), 10 * MINUTE_MS);
beforeEach(() => running.logs.mark());
afterAll(() => running.stop());

testCalls(running);
testDocumentedCalls(running);
testPageInBrowser(running);
testPrintedCommands(running);
testLoginCommands(running);
testRefusedLogins(running);
testNpmRunVerify(running);
testBrokenDeployments(running);
