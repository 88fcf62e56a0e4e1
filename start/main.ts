/** `npm start`: deploys one environment on this machine and serves it until Ctrl-C, or explains a login. */
import { join, resolve } from 'node:path';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { numberIn } from './cli/kept-folder';
import { AlreadyShown } from './cli/phases';
import { explainCommand } from './explain/command';
import { runUntilStopped } from './run';
import { claimFolder } from './run-lock';
import { provide } from './tools/provide';
import { TOOLS_OF_START } from './tools/tools';

const USAGE = `npm start [-- OPTIONS]

Deploys an environment on this machine, without an AWS account, and serves it until Ctrl-C.

  --environment NAME   one of environments/, dev if left out
  --number N           starts another deployment beside the first, at the addresses 127.N.x.y; N is 1 to 254. If left out,
                       npm start finds free addresses. It finds free ports in either case
  --folder PATH        folder for its files, empty or used by an earlier npm start; .local if left out
  --open               opens the page in a browser when everything runs
  --fresh              starts from an empty deployment. If left out, only changes since the last start are applied
  --watch              applies changes of the configuration when you save them; in a terminal it asks first
  --yes, -y            installs what is missing, and applies changes, also those that delete data, without asking
  --verbose            prints everything that Terraform prints
  --help, -h           this text

npm start -- explain NAME   explains how a function or a database user logs in

The first start takes about 2.5 minutes, most of it Terraform; later ones 5 to 10 seconds; with a changed setting about
half a minute. The files are in .local/NAME, or .local/NAME.N with --number, and take about 50 MiB.`;

const DEFAULT_FOLDER = join(__dirname, '..', '.local');

const OPTIONS = {
  environment: { type: 'string', default: 'dev' },
  number: { type: 'string' },
  folder: { type: 'string' },
  open: { type: 'boolean', default: false },
  fresh: { type: 'boolean', default: false },
  watch: { type: 'boolean', default: false },
  yes: { type: 'boolean', short: 'y', default: false },
  verbose: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const satisfies ParseArgsConfig['options'];

async function main(): Promise<void> {
  if (process.argv[2] === 'explain') {
    process.exitCode = explainCommand(process.argv.slice(3));
    return;
  }
  const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const [argument] = positionals;
  if (argument === 'explain') {
    throw new Error('Write "explain" first: npm start -- explain NAME [--environment NAME].');
  }
  if (argument !== undefined) {
    throw new Error(
      `npm start does not accept "${positionals.join(' ')}". Write \`npm start -- --environment ${argument}\` for an environment, or \`npm start -- explain ${argument}\` for a function or a database user.\n\n${USAGE}`,
    );
  }
  const number = numberIn(values.number);
  await provide(TOOLS_OF_START, values);
  const folder = values.folder === undefined ? DEFAULT_FOLDER : claimFolder(resolve(values.folder));
  await runUntilStopped({ ...values, number, folder });
}

main().catch((error: unknown) => {
  process.exitCode = 1;
  if (error instanceof AlreadyShown) return;
  console.error(error instanceof Error ? error.message : error);
  const isUsageError = (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS') === true;
  if (isUsageError) console.error(`\n${USAGE}`);
});
