/** `npm start`: one environment, deployed and running on this machine, until Ctrl-C. */
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { explainCommand } from './explain/command';
import { AlreadyTold, runUntilStopped } from './run';
import { claimFolder } from './run-lock';

const USAGE = `npm start [-- --environment NAME] [--folder PATH] [--verbose]

Deploys an environment on this machine, without an AWS account, and lets requests flow through it.

  --environment NAME   one of environments/, dev if left out
  --folder PATH        where it keeps what it has applied: an empty folder, or one that it has used; .local if left out
  --verbose            tells everything that Terraform prints
  --help               this text

npm start -- explain NAME   explains how a function or a database user logs in

What it keeps of an environment lies in .local/NAME. Delete that folder to begin anew.`;

const LOCAL = join(__dirname, '..', '.local');

async function main(): Promise<void> {
  if (process.argv[2] === 'explain') {
    process.exitCode = explainCommand(process.argv.slice(3));
    return;
  }
  const { values } = parseArgs({
    options: {
      environment: { type: 'string', default: 'dev' },
      folder: { type: 'string' },
      verbose: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const folder = values.folder === undefined ? LOCAL : claimFolder(resolve(values.folder));
  await runUntilStopped({ ...values, folder });
}

main().catch((error: unknown) => {
  process.exitCode = 1;
  if (error instanceof AlreadyTold) return;
  console.error(error instanceof Error ? error.message : error);
  const isUsage = (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS') === true;
  if (isUsage) console.error(`\n${USAGE}`);
});
