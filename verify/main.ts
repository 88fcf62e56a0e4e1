/** `npm run verify`: checks a deployment on AWS or on this machine. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { readEndpoints } from './one-machine';
import { parseRawOutputs, readStackOutputs } from './outputs';
import { redactor } from './redact';
import { writeReport } from './report';
import { lineOf, summaryOf } from './table';
import { verify, type Deployment, type GroupedRow } from './verify';

const USAGE = `npm run verify -- ENVIRONMENT [OPTIONS]

Checks a deployment from outside, and prints expected and actual results: every route, requests that must be refused,
paging, the login matrix, undeclared database users, error caching, TLS, headers, response times, alarms and their
subscribers, the proxies' targets, and exposed secrets in outputs and environment variables. It changes nothing, except
that each route for timestamps stores one timestamp. A faulty route may store a few, for example if it stores on HEAD.

  --local          checks the deployment on this machine, while npm start runs. Its folder is .local/ENVIRONMENT;
                   for npm start -- --number 1 it is .local/ENVIRONMENT.1, so pass ENVIRONMENT.1
  --folder PATH    does the same for npm start -- --folder PATH
  --outputs FILE   reads the outputs from a file with the output of terraform output -json;
                   otherwise runs that command in cdktf.out/stacks/ENVIRONMENT
  --report FILE    writes a report without account ids and addresses: FILE.json and FILE.md, or only FILE
                   if it ends in .json or .md
  --partial        exits with 0 even if something was not checked
  --help, -h       prints this text

To check a deployment on AWS, run this command from an address in edge.allowlist. It uses the AWS credentials that the
AWS CLI would use, for cloudwatch:DescribeAlarms, sns:ListSubscriptionsByTopic, rds:DescribeDBProxyTargets,
lambda:GetFunctionConfiguration and cloudfront:GetDistribution. It marks a check with ? if its permission is missing.
With logs:FilterLogEvents it also says why a route fails.

The exit status is 0 if everything is as expected, 1 if something differs or was not checked, 2 if the command itself
failed.`;

// Hides the warning that future versions of the AWS SDK require a newer Node.js. The lock file pins an SDK version
// that supports Node.js 20.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

const ROOT = join(__dirname, '..');

const OPTIONS = {
  local: { type: 'boolean', default: false },
  folder: { type: 'string' },
  outputs: { type: 'string' },
  report: { type: 'string' },
  partial: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const satisfies ParseArgsConfig['options'];

type Options = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'];

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const [environment, ...more] = positionals;
  if (environment === undefined || more.length > 0) {
    throw new Error(`Name one environment, got ${positionals.length}.\n\n${USAGE}`);
  }
  const deployment = await deploymentOf(environment, values);
  const rows = await show(deployment);
  console.log(`\n${summaryOf(rows)}`);
  if (values.report !== undefined) {
    const report = { environment, finished: new Date().toISOString(), rows };
    console.log(`Report: ${writeReport(values.report, report, redactor(deployment.outputs)).join(', ')}`);
  }
  return exitCodeOf(rows, values.partial);
}

async function deploymentOf(environment: string, { local, folder, outputs }: Options): Promise<Deployment> {
  if (local || folder !== undefined) {
    const endpoints = readEndpoints(join(folder ?? join(ROOT, '.local'), environment));
    return { outputs: endpoints.outputs, reach: endpoints, controlPlane: endpoints.controlPlane };
  }
  const raw =
    outputs === undefined
      ? await readStackOutputs(join(ROOT, 'cdktf.out', 'stacks', environment))
      : parseRawOutputs(readFileSync(outputs, 'utf8'), outputs);
  return { outputs: raw, reach: { addresses: {} } };
}

/** Prints each row as soon as it is checked, under the title of its group. */
async function show(deployment: Deployment): Promise<readonly GroupedRow[]> {
  const rows: GroupedRow[] = [];
  for await (const row of verify(deployment)) {
    if (row.group !== rows.at(-1)?.group) console.log(`\n${row.group}`);
    console.log(lineOf(row));
    rows.push(row);
  }
  return rows;
}

/** Returns the exit status. A row that was not checked counts as a difference unless `--partial` is given. */
function exitCodeOf(rows: readonly GroupedRow[], isPartial: boolean): number {
  return rows.some(({ outcome }) => outcome === 'different' || (outcome === 'not checked' && !isPartial)) ? 1 : 0;
}

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 2;
  },
);
