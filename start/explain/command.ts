import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { Applied, readDeployed, type TerraformState } from '../../local';
import { keptFolder, numberIn } from '../cli/kept-folder';
import { explain } from './explain';
import { report } from './report';
import { zipsIn } from './zips';

const USAGE = `npm start -- explain NAME [--environment NAME] [--number N] [--folder PATH] [--state FILE] [--json]

Explains the login of a function or a database user: every condition on the way to the database, whether it holds, the
deciding resource in Terraform's state, and what to change. It starts nothing. The exit status is 1 if a condition fails.

  NAME                 a function, such as func2, or a database user, such as analyst
  --environment NAME   the --environment of an earlier npm start; default dev
  --number N           the --number of that npm start, if it had one
  --folder PATH        the --folder of that npm start; default .local
  --state FILE         explains the state in this file, for example of a deployment on AWS. The file has the output of \`terraform show -json\`
  --json               prints JSON
  --help, -h           prints this text`;

const OPTIONS = {
  environment: { type: 'string', default: 'dev' },
  number: { type: 'string' },
  folder: { type: 'string' },
  state: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const satisfies ParseArgsConfig['options'];

const ROOT = join(__dirname, '..', '..');

/**
 * Runs `npm start -- explain`.
 *
 * @param args arguments after `explain`
 * @returns exit status: 0 if every condition holds or after --help, 1 if a condition fails, 2 if the arguments are invalid or there
 *   is no state
 */
export function explainCommand(args: readonly string[]): number {
  try {
    return run(args);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    const isUsageError = (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS') === true;
    if (isUsageError) console.error(`\n${USAGE}`);
    return 2;
  }
}

function run(args: readonly string[]): number {
  const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  const [name, ...otherNames] = positionals;
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  if (name === undefined || otherNames.length > 0)
    throw new Error(`explain takes one name, got ${positionals.length}.\n\n${USAGE}`);
  const folder = resolve(values.folder ?? join(ROOT, '.local'));
  const deploymentFolder = keptFolder({ folder, environment: values.environment, number: numberIn(values.number) });
  const state =
    values.state === undefined ? readKeptState(deploymentFolder, values.environment) : readState(values.state);
  const explanations = explain(new Applied(state), name, zipsIn(deploymentFolder));
  console.log(values.json ? JSON.stringify(explanations, null, 2) : explanations.map(report).join('\n\n'));
  return explanations.every(({ holds }) => holds) ? 0 : 1;
}

/** Reads what the last `npm start` applied, and says so if its apply was not complete. @throws Error if it created nothing */
function readKeptState(folder: string, environment: string): TerraformState {
  const deployed = readDeployed({ folder, stack: environment });
  if (deployed === undefined) {
    throw new Error(
      `Nothing was applied here: ${join(folder, 'applied.json')} does not exist. Run \`npm start\` first, or set --state to a ` +
        'file with the output of `terraform show -json`.',
    );
  }
  // Not on standard output, so that `--json` prints only JSON there.
  if (!deployed.isComplete) console.error('The last apply was not complete: the result shows what it created so far.');
  return deployed.state;
}

/** Reads a file for `--state`. @throws Error if it is unreadable, is not JSON, or has no list of resources */
function readState(file: string): TerraformState {
  const invalidState = (problem: string): Error =>
    new Error(`--state must be a file with the output of \`terraform show -json\`, got ${file}: ${problem}.`);
  let state: { values?: { root_module?: { resources?: unknown } } } | null;
  try {
    state = JSON.parse(readFileSync(file, 'utf8')) as typeof state;
  } catch (error) {
    throw invalidState((error as Error).message);
  }
  if (!Array.isArray(state?.values?.root_module?.resources)) throw invalidState('it holds no resources');
  return state as TerraformState;
}
